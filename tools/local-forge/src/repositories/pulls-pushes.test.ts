import { git, pushBranch, refusalOf } from '../testing/harness';
import { useShops } from '../testing/shops';

jest.setTimeout(30_000);

const owner = 'acme';
const shops = useShops();
const { newRepository, open } = shops;

describe('what pushes do to pull requests', () => {
  it('marks one as merged whose branch was merged by a push into the base', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'loom/a', { 'a.txt': 'a' });
    await open(at, 'loom/a');
    await git(at.work, 'checkout', '--quiet', '-B', 'main', 'origin/main');
    await git(at.work, 'merge', '--quiet', '--no-ff', '-m', 'by hand', 'loom/a');
    const byHand = await git(at.work, 'rev-parse', 'HEAD');
    await git(at.work, 'commit', '--quiet', '--allow-empty', '-m', 'later');
    await git(at.work, 'push', '--quiet', 'origin', 'main');
    const { data: pull } = await shops.octokit.rest.pulls.get({ owner, repo: at.repo, pull_number: 1 });
    expect(pull).toMatchObject({ state: 'closed', merged: true, merge_commit_sha: byHand, changed_files: 1 });
  });

  it('also merges one whose commits another pull request brought along', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'loom/a', { 'a.txt': 'a' });
    await pushBranch(at.work, 'loom/b', { 'b.txt': 'b' }, 'loom/a');
    await open(at, 'loom/a');
    await open(at, 'loom/b');
    await shops.octokit.rest.pulls.merge({ owner, repo: at.repo, pull_number: 2 });
    expect((await shops.octokit.rest.pulls.get({ owner, repo: at.repo, pull_number: 1 })).data.merged).toBe(
      true,
    );
  });

  it('closes, but does not merge, one whose branch was emptied or deleted; its diff remains', async () => {
    const at = await newRepository();
    for (const name of ['a', 'b', 'c']) {
      await pushBranch(at.work, `loom/${name}`, { [`${name}.txt`]: name });
      await open(at, `loom/${name}`);
    }
    await git(at.work, 'push', '--quiet', '--force', 'origin', 'origin/main:refs/heads/loom/a');
    await git(at.work, 'push', '--quiet', 'origin', ':loom/b');
    await shops.octokit.rest.git.deleteRef({ owner, repo: at.repo, ref: 'heads/loom/c' });
    const { data: all } = await shops.octokit.rest.pulls.list({ owner, repo: at.repo, state: 'all' });
    expect(all.map(({ state, merged_at }) => ({ state, merged_at }))).toEqual(
      Array(3).fill({ state: 'closed', merged_at: null }),
    );
    const { data: files } = await shops.octokit.rest.pulls.listFiles({
      owner,
      repo: at.repo,
      pull_number: 3,
    });
    expect(files).toMatchObject([
      { filename: 'c.txt', status: 'added', additions: 1, patch: expect.stringContaining('+c') as string },
    ]);
    expect(
      (await refusalOf(shops.octokit.rest.git.deleteRef({ owner, repo: at.repo, ref: 'heads/loom/c' })))
        .status,
    ).toBe(422);
    const reopen = shops.octokit.rest.pulls.update({ owner, repo: at.repo, pull_number: 3, state: 'open' });
    expect((await refusalOf(reopen)).status).toBe(422);
  });
});

describe('restarting', () => {
  /** Leaves what a merge leaves when its process is killed right after the ref transaction. */
  const unsavedSquash = async () => {
    const at = await newRepository();
    const head = await pushBranch(at.work, 'loom/a', { 'a.txt': 'a' });
    await open(at, 'loom/a');
    const squash = await git(at.bare, 'commit-tree', `${head}^{tree}`, '-p', 'main', '-m', 'squashed');
    await git(at.bare, 'update-ref', 'refs/heads/main', squash);
    await git(at.bare, 'update-ref', 'refs/forge/merged/1', squash);
    return { at, squash, args: { owner, repo: at.repo, pull_number: 1 } };
  };

  it('takes up a merge that reached git but not the state', async () => {
    const { squash, args } = await unsavedSquash();
    await shops.forge.recover();
    const { data: pull } = await shops.octokit.rest.pulls.get(args);
    expect(pull).toMatchObject({ merged: true, merge_commit_sha: squash, changed_files: 1 });
  });

  it('does not make such a merge twice for a client that asks again first', async () => {
    const { at, squash, args } = await unsavedSquash();
    expect((await refusalOf(shops.octokit.rest.pulls.merge(args))).status).toBe(405);
    expect(await git(at.bare, 'rev-parse', 'main')).toBe(squash);
    const { data: pull } = await shops.octokit.rest.pulls.get(args);
    expect(pull).toMatchObject({ merged: true, merge_commit_sha: squash });
  });

  it('does not merge again what was pushed into the base just before', async () => {
    const at = await newRepository();
    const head = await pushBranch(at.work, 'loom/a', { 'a.txt': 'a' });
    await open(at, 'loom/a');
    await git(at.bare, 'update-ref', 'refs/heads/main', head);
    const args = { owner, repo: at.repo, pull_number: 1 };
    expect((await refusalOf(shops.octokit.rest.pulls.merge(args))).status).toBe(405);
    expect(await git(at.bare, 'rev-parse', 'main')).toBe(head);
    expect((await shops.octokit.rest.pulls.get(args)).data).toMatchObject({
      merged: true,
      merge_commit_sha: head,
    });
  });
});
