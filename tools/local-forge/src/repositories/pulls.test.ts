import { git, pushBranch, refusalOf } from '../testing/harness';
import { useShops } from '../testing/shops';

jest.setTimeout(30_000);

const owner = 'acme';
const shops = useShops();
const { newRepository, open } = shops;

describe('opening, changing and listing', () => {
  it('refuses what cannot become a pull request, in the words of GitHub', async () => {
    const at = await newRepository();
    await pushBranch(at.work, 'loom/a', { 'a.txt': 'a' });
    await git(at.work, 'push', '--quiet', 'origin', 'origin/main:refs/heads/same');
    await open(at, 'loom/a');
    const attempt = (head: string, base = 'main', title = 't') =>
      refusalOf(shops.octokit.rest.pulls.create({ owner, repo: at.repo, head, base, title }));
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
    const untitled = shops.octokit.request('POST /repos/{owner}/{repo}/pulls', {
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
    const { data: closed } = await shops.octokit.rest.pulls.update({
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
    expect((await refusalOf(shops.octokit.rest.pulls.merge(args))).status).toBe(405);
    const { data: again } = await shops.octokit.rest.pulls.update({ ...args, state: 'open' });
    expect(again).toMatchObject({ state: 'open', closed_at: null, title: 'new' });
    await shops.octokit.rest.pulls.merge(args);
    expect((await refusalOf(shops.octokit.rest.pulls.update({ ...args, state: 'open' }))).status).toBe(422);
  });

  it('filters, sorts and pages lists, with links octokit can follow', async () => {
    const at = await newRepository();
    const branches = Array.from({ length: 5 }, (_, index) => `loom/${index + 1}`);
    for (const branch of branches) {
      await pushBranch(at.work, branch, { [`${branch}.txt`]: branch });
      await open(at, branch);
    }
    await shops.octokit.rest.pulls.update({ owner, repo: at.repo, pull_number: 2, state: 'closed' });
    const list = { owner, repo: at.repo };
    const numbers = (pulls: { number: number }[]) => pulls.map((pull) => pull.number);
    expect(numbers((await shops.octokit.rest.pulls.list(list)).data)).toEqual([5, 4, 3, 1]);
    expect(numbers((await shops.octokit.rest.pulls.list({ ...list, direction: 'asc' })).data)).toEqual([
      1, 3, 4, 5,
    ]);
    expect(numbers((await shops.octokit.rest.pulls.list({ ...list, head: 'acme:loom/3' })).data)).toEqual([
      3,
    ]);
    expect(numbers((await shops.octokit.rest.pulls.list({ ...list, base: 'absent' })).data)).toEqual([]);
    const page = await shops.octokit.rest.pulls.list({ ...list, state: 'all', per_page: 2, page: 2 });
    expect(numbers(page.data)).toEqual([3, 2]);
    expect(page.headers.link).toMatch(
      /page=1>; rel="prev".*page=3>; rel="next".*page=3>; rel="last".*page=1>; rel="first"/,
    );
    expect(
      numbers(
        await shops.octokit.paginate(shops.octokit.rest.pulls.list, { ...list, state: 'all', per_page: 2 }),
      ),
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
    const { data: diff } = await shops.octokit.rest.pulls.get({ ...args, mediaType: { format: 'diff' } });
    expect(diff).toContain('rename to new name.txt');
    const { data: files } = await shops.octokit.rest.pulls.listFiles(args);
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
    await shops.octokit.rest.issues.createComment({ ...issue, body: 'looks good' });
    const { data: comments } = await shops.octokit.rest.issues.listComments(issue);
    expect(comments).toMatchObject([{ body: 'looks good', user: { login: 'loom' } }]);
    const absent = shops.octokit.rest.issues.createComment({ ...issue, issue_number: 9, body: 'x' });
    expect((await refusalOf(absent)).status).toBe(404);
  });
});
