import { git, pushBranch, refusalOf } from '../testing/harness';
import { useShops } from '../testing/shops';

jest.setTimeout(30_000);

const owner = 'acme';
const shops = useShops();
const { newRepository, open, fileOnMain } = shops;

describe('merging', () => {
  it('really merges: the base holds the change, its tip has both parents', async () => {
    const at = await newRepository();
    const head = await pushBranch(at.work, 'loom/a', { 'src/a.txt': 'one\n' });
    const before = await git(at.bare, 'rev-parse', 'main');
    const pull = await open(at, 'loom/a');
    expect(pull).toMatchObject({
      number: 1,
      state: 'open',
      merged: false,
      mergeable: true,
      mergeable_state: 'clean',
      merged_at: null,
      html_url: `${shops.forge.url}/acme/${at.repo}/pull/1`,
      head: { sha: head, ref: 'loom/a', label: 'acme:loom/a' },
      base: { ref: 'main', sha: before },
      commits: 1,
      additions: 1,
      deletions: 0,
      changed_files: 1,
    });
    const args = { owner, repo: at.repo, pull_number: 1 };
    expect((await refusalOf(shops.octokit.rest.pulls.checkIfMerged(args))).status).toBe(404);

    const { data: merged } = await shops.octokit.rest.pulls.merge({ ...args, sha: head });

    expect(merged).toEqual({
      sha: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      merged: true,
      message: 'Pull Request successfully merged',
    });
    expect(await git(at.bare, 'rev-parse', 'main')).toBe(merged.sha);
    expect(await git(at.bare, 'show', '-s', '--format=%P', 'main')).toBe(`${before} ${head}`);
    expect(await fileOnMain(at, 'src/a.txt')).toBe('one\n');
    expect((await shops.octokit.rest.pulls.checkIfMerged(args)).status).toBe(204);
    expect((await shops.octokit.rest.pulls.get(args)).data).toMatchObject({
      state: 'closed',
      merged: true,
      merge_commit_sha: merged.sha,
      merged_by: { login: 'loom' },
      mergeable: null,
    });
    await git(at.bare, 'fsck', '--strict');
  });

  it('squashes into one commit and still knows the pull request as merged', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'loom/a', { 'a.txt': 'one\n' });
    await pushBranch(at.work, 'loom/a', { 'b.txt': 'two\n' }, 'loom/a');
    await open(at, 'loom/a');
    const { data: merged } = await shops.octokit.rest.pulls.merge({
      owner,
      repo: at.repo,
      pull_number: 1,
      merge_method: 'squash',
    });
    expect(await git(at.bare, 'rev-list', '--count', 'main')).toBe('2');
    expect(await git(at.bare, 'show', '-s', '--format=%s', merged.sha)).toBe('Change loom/a (#1)');
    expect(await fileOnMain(at, 'b.txt')).toBe('two\n');
    expect((await shops.octokit.rest.pulls.get({ owner, repo: at.repo, pull_number: 1 })).data.merged).toBe(
      true,
    );
  });

  it('refuses a conflict with 405 and leaves the base as it was', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'loom/a', { 'README.md': 'mine\n' });
    await pushBranch(at.work, 'main', { 'README.md': 'theirs\n' });
    const before = await git(at.bare, 'rev-parse', 'main');
    expect(await open(at, 'loom/a')).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    const refusal = await refusalOf(shops.octokit.rest.pulls.merge({ owner, repo: at.repo, pull_number: 1 }));
    expect(refusal).toMatchObject({ status: 405, body: { message: 'Pull Request is not mergeable' } });
    expect(await git(at.bare, 'rev-parse', 'main')).toBe(before);
    expect((await shops.octokit.rest.pulls.get({ owner, repo: at.repo, pull_number: 1 })).data.state).toBe(
      'open',
    );
  });

  it('refuses a head that is not the reviewed one, and rebasing', async () => {
    const at = await newRepository();
    const first = await pushBranch(at.work, 'loom/a', { 'a.txt': 'one\n' });
    await open(at, 'loom/a');
    await pushBranch(at.work, 'loom/a', { 'a.txt': 'two\n' }, 'loom/a');
    const args = { owner, repo: at.repo, pull_number: 1 };
    expect(await refusalOf(shops.octokit.rest.pulls.merge({ ...args, sha: first }))).toMatchObject({
      status: 409,
      body: { message: 'Head branch was modified. Review and try the merge again.' },
    });
    expect(
      (await refusalOf(shops.octokit.rest.pulls.merge({ ...args, merge_method: 'rebase' }))).status,
    ).toBe(405);
  });

  it('loses no merge of several made at once', async () => {
    const at = await newRepository();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const name of names) {
      await pushBranch(at.work, `loom/${name}`, { [`${name}.txt`]: name });
      await open(at, `loom/${name}`);
    }
    await Promise.all(
      names.map((_, index) =>
        shops.octokit.rest.pulls.merge({ owner, repo: at.repo, pull_number: index + 1 }),
      ),
    );
    expect((await git(at.bare, 'ls-tree', '--name-only', 'main')).split('\n')).toEqual([
      'README.md',
      ...names.map((name) => `${name}.txt`),
    ]);
    const { data: closed } = await shops.octokit.rest.pulls.list({ owner, repo: at.repo, state: 'closed' });
    expect(closed.map((pull) => pull.merged_at !== null)).toEqual(names.map(() => true));
  });

  it('merges one of two that exclude each other when both are merged at once', async () => {
    const at = await newRepository();
    for (const name of ['a', 'b']) {
      await pushBranch(at.work, `loom/${name}`, { 'README.md': `${name}\n` });
      await open(at, `loom/${name}`);
    }
    const merges = [1, 2].map((pull_number) =>
      shops.octokit.rest.pulls.merge({ owner, repo: at.repo, pull_number }),
    );
    const outcomes = (await Promise.allSettled(merges)).map((each) =>
      each.status === 'fulfilled' ? 200 : (each.reason as { status: number }).status,
    );
    expect(outcomes.sort()).toEqual([200, 405]);
    expect(['a\n', 'b\n']).toContain(await fileOnMain(at, 'README.md'));
  });

  it('keeps a merge when pushes to the base race with it', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'loom/a', { 'a.txt': 'a' });
    await open(at, 'loom/a');
    await git(at.work, 'checkout', '--quiet', 'main');
    await git(at.work, 'commit', '--quiet', '--allow-empty', '-m', 'direct');
    const direct = await git(at.work, 'rev-parse', 'HEAD');
    const [pushed] = await Promise.allSettled([
      git(at.work, 'push', '--quiet', 'origin', 'main'),
      shops.octokit.rest.pulls.merge({ owner, repo: at.repo, pull_number: 1 }),
    ]);
    const history = (await git(at.bare, 'rev-list', 'main')).split('\n');
    expect(history).toContain(await git(at.bare, 'rev-parse', 'loom/a'));
    expect(history.includes(direct)).toBe(pushed.status === 'fulfilled');
  });
});
