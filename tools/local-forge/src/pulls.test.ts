import { join } from 'node:path';
import type { Octokit } from 'octokit';
import {
  client,
  clone,
  git,
  pushBranch,
  refusalOf,
  type RunningForge,
  startForge,
  temporaryDirectory,
} from './testing/harness';

jest.setTimeout(30_000);

const owner = 'acme';
let data: Awaited<ReturnType<typeof temporaryDirectory>>;
let forge: RunningForge;
let octokit: Octokit;
let count = 0;

beforeAll(async () => {
  data = await temporaryDirectory();
  forge = await startForge(join(data.path, 'data'));
  octokit = client(forge.url);
});
afterAll(async () => {
  await forge.stop();
  expect(forge.warnings).toEqual([]);
  await data.remove();
});

/** A new repository with a README, and a clone of it. */
const newRepository = async () => {
  count += 1;
  const repo = `shop-${count}`;
  await octokit.rest.repos.createInOrg({ org: owner, name: repo, auto_init: true });
  const work = await clone(`${forge.url}/${owner}/${repo}.git`, join(data.path, repo));
  return { owner, repo, work, bare: join(data.path, 'data', 'repos', owner, `${repo}.git`) };
};

const open = async (at: { owner: string; repo: string }, head: string) =>
  (
    await octokit.rest.pulls.create({
      owner: at.owner,
      repo: at.repo,
      head,
      base: 'main',
      title: `Change ${head}`,
      body: 'why',
    })
  ).data;

const fileOnMain = async (at: { owner: string; repo: string }, path: string): Promise<string> => {
  const { data: file } = await octokit.rest.repos.getContent({ owner: at.owner, repo: at.repo, path });
  if (Array.isArray(file) || file.type !== 'file') throw new Error('not a file');
  return Buffer.from(file.content, 'base64').toString('utf8');
};

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
      html_url: `${forge.url}/acme/${at.repo}/pull/1`,
      head: { sha: head, ref: 'loom/a', label: 'acme:loom/a' },
      base: { ref: 'main', sha: before },
      commits: 1,
      additions: 1,
      deletions: 0,
      changed_files: 1,
    });
    const args = { owner, repo: at.repo, pull_number: 1 };
    expect((await refusalOf(octokit.rest.pulls.checkIfMerged(args))).status).toBe(404);

    const { data: merged } = await octokit.rest.pulls.merge({ ...args, sha: head });

    expect(merged).toEqual({
      sha: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
      merged: true,
      message: 'Pull Request successfully merged',
    });
    expect(await git(at.bare, 'rev-parse', 'main')).toBe(merged.sha);
    expect(await git(at.bare, 'show', '-s', '--format=%P', 'main')).toBe(`${before} ${head}`);
    expect(await fileOnMain(at, 'src/a.txt')).toBe('one\n');
    expect((await octokit.rest.pulls.checkIfMerged(args)).status).toBe(204);
    expect((await octokit.rest.pulls.get(args)).data).toMatchObject({
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
    const { data: merged } = await octokit.rest.pulls.merge({
      owner,
      repo: at.repo,
      pull_number: 1,
      merge_method: 'squash',
    });
    expect(await git(at.bare, 'rev-list', '--count', 'main')).toBe('2');
    expect(await git(at.bare, 'show', '-s', '--format=%s', merged.sha)).toBe('Change loom/a (#1)');
    expect(await fileOnMain(at, 'b.txt')).toBe('two\n');
    expect((await octokit.rest.pulls.get({ owner, repo: at.repo, pull_number: 1 })).data.merged).toBe(true);
  });

  it('refuses a conflict with 405 and leaves the base as it was', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'loom/a', { 'README.md': 'mine\n' });
    await pushBranch(at.work, 'main', { 'README.md': 'theirs\n' });
    const before = await git(at.bare, 'rev-parse', 'main');
    expect(await open(at, 'loom/a')).toMatchObject({ mergeable: false, mergeable_state: 'dirty' });
    const refusal = await refusalOf(octokit.rest.pulls.merge({ owner, repo: at.repo, pull_number: 1 }));
    expect(refusal).toMatchObject({ status: 405, body: { message: 'Pull Request is not mergeable' } });
    expect(await git(at.bare, 'rev-parse', 'main')).toBe(before);
    expect((await octokit.rest.pulls.get({ owner, repo: at.repo, pull_number: 1 })).data.state).toBe('open');
  });

  it('refuses a head that is not the reviewed one, and rebasing', async () => {
    const at = await newRepository();
    const first = await pushBranch(at.work, 'loom/a', { 'a.txt': 'one\n' });
    await open(at, 'loom/a');
    await pushBranch(at.work, 'loom/a', { 'a.txt': 'two\n' }, 'loom/a');
    const args = { owner, repo: at.repo, pull_number: 1 };
    expect(await refusalOf(octokit.rest.pulls.merge({ ...args, sha: first }))).toMatchObject({
      status: 409,
      body: { message: 'Head branch was modified. Review and try the merge again.' },
    });
    expect((await refusalOf(octokit.rest.pulls.merge({ ...args, merge_method: 'rebase' }))).status).toBe(405);
  });

  it('loses no merge of several made at once', async () => {
    const at = await newRepository();
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    for (const name of names) {
      await pushBranch(at.work, `loom/${name}`, { [`${name}.txt`]: name });
      await open(at, `loom/${name}`);
    }
    await Promise.all(
      names.map((_, index) => octokit.rest.pulls.merge({ owner, repo: at.repo, pull_number: index + 1 })),
    );
    expect((await git(at.bare, 'ls-tree', '--name-only', 'main')).split('\n')).toEqual([
      'README.md',
      ...names.map((name) => `${name}.txt`),
    ]);
    const { data: closed } = await octokit.rest.pulls.list({ owner, repo: at.repo, state: 'closed' });
    expect(closed.map((pull) => pull.merged_at !== null)).toEqual(names.map(() => true));
  });

  it('merges one of two that exclude each other when both are merged at once', async () => {
    const at = await newRepository();
    for (const name of ['a', 'b']) {
      await pushBranch(at.work, `loom/${name}`, { 'README.md': `${name}\n` });
      await open(at, `loom/${name}`);
    }
    const merges = [1, 2].map((pull_number) =>
      octokit.rest.pulls.merge({ owner, repo: at.repo, pull_number }),
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
      octokit.rest.pulls.merge({ owner, repo: at.repo, pull_number: 1 }),
    ]);
    const history = (await git(at.bare, 'rev-list', 'main')).split('\n');
    expect(history).toContain(await git(at.bare, 'rev-parse', 'loom/a'));
    expect(history.includes(direct)).toBe(pushed.status === 'fulfilled');
  });
});

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
    const { data: pull } = await octokit.rest.pulls.get({ owner, repo: at.repo, pull_number: 1 });
    expect(pull).toMatchObject({ state: 'closed', merged: true, merge_commit_sha: byHand, changed_files: 1 });
  });

  it('also merges one whose commits another pull request brought along', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'loom/a', { 'a.txt': 'a' });
    await pushBranch(at.work, 'loom/b', { 'b.txt': 'b' }, 'loom/a');
    await open(at, 'loom/a');
    await open(at, 'loom/b');
    await octokit.rest.pulls.merge({ owner, repo: at.repo, pull_number: 2 });
    expect((await octokit.rest.pulls.get({ owner, repo: at.repo, pull_number: 1 })).data.merged).toBe(true);
  });

  it('closes, but does not merge, one whose branch was emptied or deleted; its diff remains', async () => {
    const at = await newRepository();
    for (const name of ['a', 'b', 'c']) {
      await pushBranch(at.work, `loom/${name}`, { [`${name}.txt`]: name });
      await open(at, `loom/${name}`);
    }
    await git(at.work, 'push', '--quiet', '--force', 'origin', 'origin/main:refs/heads/loom/a');
    await git(at.work, 'push', '--quiet', 'origin', ':loom/b');
    await octokit.rest.git.deleteRef({ owner, repo: at.repo, ref: 'heads/loom/c' });
    const { data: all } = await octokit.rest.pulls.list({ owner, repo: at.repo, state: 'all' });
    expect(all.map(({ state, merged_at }) => ({ state, merged_at }))).toEqual(
      Array(3).fill({ state: 'closed', merged_at: null }),
    );
    const { data: files } = await octokit.rest.pulls.listFiles({ owner, repo: at.repo, pull_number: 3 });
    expect(files).toMatchObject([
      { filename: 'c.txt', status: 'added', additions: 1, patch: expect.stringContaining('+c') as string },
    ]);
    expect(
      (await refusalOf(octokit.rest.git.deleteRef({ owner, repo: at.repo, ref: 'heads/loom/c' }))).status,
    ).toBe(422);
    const reopen = octokit.rest.pulls.update({ owner, repo: at.repo, pull_number: 3, state: 'open' });
    expect((await refusalOf(reopen)).status).toBe(422);
  });
});

describe('opening, changing and listing', () => {
  it('refuses what cannot become a pull request, in the words of GitHub', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'loom/a', { 'a.txt': 'a' });
    await git(at.work, 'push', '--quiet', 'origin', 'origin/main:refs/heads/same');
    await open(at, 'loom/a');
    const attempt = (head: string, base = 'main', title = 't') =>
      refusalOf(octokit.rest.pulls.create({ owner, repo: at.repo, head, base, title }));
    expect(await attempt('absent')).toMatchObject({
      status: 422,
      body: {
        message: 'Validation Failed',
        errors: [{ resource: 'PullRequest', field: 'head', code: 'invalid' }],
      },
    });
    expect((await attempt('loom/a', 'absent')).body.errors).toMatchObject([
      { field: 'base', code: 'invalid' },
    ]);
    expect((await attempt('other:loom/a')).body.errors).toMatchObject([{ field: 'head', code: 'invalid' }]);
    expect((await attempt('--upload-pack=x')).body.errors).toMatchObject([
      { field: 'head', code: 'invalid' },
    ]);
    expect((await attempt('same')).body.errors).toMatchObject([
      { code: 'custom', message: 'No commits between main and same' },
    ]);
    expect((await attempt('acme:loom/a')).body.errors).toMatchObject([
      { code: 'custom', message: 'A pull request already exists for acme:loom/a.' },
    ]);
    expect((await attempt('loom/a', 'main', ' ')).body.errors).toMatchObject([{ field: 'title' }]);
    const untitled = octokit.request('POST /repos/{owner}/{repo}/pulls', {
      owner,
      repo: at.repo,
      head: 'loom/a',
      base: 'main',
    });
    expect((await refusalOf(untitled)).body.errors).toMatchObject([
      { field: 'title', code: 'missing_field' },
    ]);
  });

  it('changes, closes and reopens', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'loom/a', { 'a.txt': 'a' });
    await open(at, 'loom/a');
    const args = { owner, repo: at.repo, pull_number: 1 };
    const { data: closed } = await octokit.rest.pulls.update({
      ...args,
      state: 'closed',
      title: 'new',
      body: 'text',
    });
    expect(closed).toMatchObject({
      state: 'closed',
      merged: false,
      title: 'new',
      body: 'text',
      closed_at: expect.any(String) as string,
    });
    expect((await refusalOf(octokit.rest.pulls.merge(args))).status).toBe(405);
    const { data: again } = await octokit.rest.pulls.update({ ...args, state: 'open' });
    expect(again).toMatchObject({ state: 'open', closed_at: null, title: 'new' });
    await octokit.rest.pulls.merge(args);
    expect((await refusalOf(octokit.rest.pulls.update({ ...args, state: 'open' }))).status).toBe(422);
  });

  it('filters, sorts and pages lists, with links octokit can follow', async () => {
    const at = await newRepository();
    const branches = Array.from({ length: 5 }, (_, index) => `loom/${index + 1}`);
    for (const branch of branches) {
      await pushBranch(at.work, branch, { [`${branch}.txt`]: branch });
      await open(at, branch);
    }
    await octokit.rest.pulls.update({ owner, repo: at.repo, pull_number: 2, state: 'closed' });
    const list = { owner, repo: at.repo };
    const numbers = (pulls: { number: number }[]) => pulls.map((pull) => pull.number);
    expect(numbers((await octokit.rest.pulls.list(list)).data)).toEqual([5, 4, 3, 1]);
    expect(numbers((await octokit.rest.pulls.list({ ...list, direction: 'asc' })).data)).toEqual([
      1, 3, 4, 5,
    ]);
    expect(numbers((await octokit.rest.pulls.list({ ...list, head: 'acme:loom/3' })).data)).toEqual([3]);
    expect(numbers((await octokit.rest.pulls.list({ ...list, base: 'absent' })).data)).toEqual([]);
    const page = await octokit.rest.pulls.list({ ...list, state: 'all', per_page: 2, page: 2 });
    expect(numbers(page.data)).toEqual([3, 2]);
    expect(page.headers.link).toMatch(
      /page=1>; rel="prev".*page=3>; rel="next".*page=3>; rel="last".*page=1>; rel="first"/,
    );
    expect(
      numbers(await octokit.paginate(octokit.rest.pulls.list, { ...list, state: 'all', per_page: 2 })),
    ).toEqual([5, 4, 3, 2, 1]);
  });

  it('gives the diff, the files and the comments', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'main', {
      'old name.txt': 'a\nb\nc\nd\n',
      'gone.txt': 'x\n',
      'sub/ü.txt': '1\n',
    });
    await git(at.work, 'checkout', '--quiet', '-B', 'loom/a', 'origin/main');
    await git(at.work, 'mv', 'old name.txt', 'new name.txt');
    await git(at.work, 'rm', '--quiet', 'gone.txt');
    await pushBranch(at.work, 'loom/a', { 'sub/ü.txt': '2\n', 'bin.dat': 'a\0b' }, 'loom/a');
    await open(at, 'loom/a');
    const args = { owner, repo: at.repo, pull_number: 1 };
    const { data: diff } = await octokit.rest.pulls.get({ ...args, mediaType: { format: 'diff' } });
    expect(diff).toContain('rename to new name.txt');
    const { data: files } = await octokit.rest.pulls.listFiles(args);
    expect(
      files.map(({ filename, status, additions, deletions }) => [filename, status, additions, deletions]),
    ).toEqual([
      ['bin.dat', 'added', 0, 0],
      ['gone.txt', 'removed', 0, 1],
      ['new name.txt', 'renamed', 0, 0],
      ['sub/ü.txt', 'modified', 1, 1],
    ]);
    expect(files[2]?.previous_filename).toBe('old name.txt');
    expect(files[3]?.patch).toBe('@@ -1 +1 @@\n-1\n+2');
    const issue = { owner, repo: at.repo, issue_number: 1 };
    await octokit.rest.issues.createComment({ ...issue, body: 'looks good' });
    const { data: comments } = await octokit.rest.issues.listComments(issue);
    expect(comments).toMatchObject([{ body: 'looks good', user: { login: 'loom' } }]);
    const absent = octokit.rest.issues.createComment({ ...issue, issue_number: 9, body: 'x' });
    expect((await refusalOf(absent)).status).toBe(404);
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
    await forge.recover();
    const { data: pull } = await octokit.rest.pulls.get(args);
    expect(pull).toMatchObject({ merged: true, merge_commit_sha: squash, changed_files: 1 });
  });

  it('does not make such a merge twice for a client that asks again first', async () => {
    const { at, squash, args } = await unsavedSquash();
    expect((await refusalOf(octokit.rest.pulls.merge(args))).status).toBe(405);
    expect(await git(at.bare, 'rev-parse', 'main')).toBe(squash);
    const { data: pull } = await octokit.rest.pulls.get(args);
    expect(pull).toMatchObject({ merged: true, merge_commit_sha: squash });
  });

  it('does not merge again what was pushed into the base just before', async () => {
    const at = await newRepository();
    const head = await pushBranch(at.work, 'loom/a', { 'a.txt': 'a' });
    await open(at, 'loom/a');
    await git(at.bare, 'update-ref', 'refs/heads/main', head);
    const args = { owner, repo: at.repo, pull_number: 1 };
    expect((await refusalOf(octokit.rest.pulls.merge(args))).status).toBe(405);
    expect(await git(at.bare, 'rev-parse', 'main')).toBe(head);
    expect((await octokit.rest.pulls.get(args)).data).toMatchObject({ merged: true, merge_commit_sha: head });
  });
});
