import { createClient, createRepository, type ForgeUnderTest, type WirePull } from './forge-under-test';

/** The life of a pull request, as far as forges tell it in the same words. */
export const pullRequestsContract = (forge: () => ForgeUnderTest): void => {
  const call = (method: string, path: string, body?: object) =>
    createClient(forge(), forge().token).call(method, path, body);
  const list = async (fullName: string, query: string): Promise<readonly WirePull[]> =>
    (await call('GET', `/repos/${fullName}/pulls?${query}`)).body as WirePull[];
  const numbers = (pulls: readonly WirePull[]) => pulls.map(({ number }) => number).sort((a, b) => a - b);

  it('opens one, and refuses a second for the same branches', async () => {
    const at = await createRepository(forge(), 'opened');
    const pull = await at.open('loom/a/1/step');
    expect(pull).toMatchObject({
      number: 1,
      state: 'open',
      title: 'Change of loom/a/1/step',
      body: 'why',
      head: { ref: 'loom/a/1/step' },
      base: { ref: 'main' },
    });
    expect(pull.html_url).toMatch(new RegExp(`^${forge().webUrl}/${at.fullName}/pulls?/1$`));
    const request = { head: 'loom/a/1/step', base: 'main', title: 'again' };
    expect([409, 422]).toContain((await call('POST', `/repos/${at.fullName}/pulls`, request)).status);
    const absent = { ...request, head: 'loom/absent' };
    expect([404, 422]).toContain((await call('POST', `/repos/${at.fullName}/pulls`, absent)).status);
    expect(numbers(await list(at.fullName, 'state=all'))).toEqual([1]);
    expect(await at.pullThat(1, ({ mergeable }) => mergeable === true)).toMatchObject({ merged: false });
  });

  it('lists by state, page by page, and an empty page behind the last', async () => {
    const at = await createRepository(forge(), 'listed');
    for (const name of ['a', 'b', 'c']) await at.open(`loom/${name}`);
    await call('PATCH', `/repos/${at.fullName}/pulls/2`, { state: 'closed' });
    expect(numbers(await list(at.fullName, 'state=open'))).toEqual([1, 3]);
    expect(numbers(await list(at.fullName, 'state=closed'))).toEqual([2]);
    expect(numbers(await list(at.fullName, 'state=all'))).toEqual([1, 2, 3]);
    // GitHub and Gitea name the size of a page differently: clients send both.
    const pages = await Promise.all(
      [1, 2, 3].map((page) => list(at.fullName, `state=all&per_page=2&limit=2&page=${page}`)),
    );
    expect(pages.map(({ length }) => length)).toEqual([2, 1, 0]);
    expect(numbers(pages.flat())).toEqual([1, 2, 3]);
    // Gitea gives more than what `head` asks for, never less.
    const asked = await list(at.fullName, `state=open&head=${forge().owner}:loom/c`);
    expect(asked.filter(({ head }) => head.ref === 'loom/c')).toHaveLength(1);
  });

  it('merges, and tells by which commit', async () => {
    const at = await createRepository(forge(), 'merged');
    const { number } = await at.open('loom/a');
    await at.pullThat(number, ({ mergeable }) => mergeable === true);
    expect(await forge().merge(at.fullName, number)).toBe(200);
    const pull = await at.pullThat(number, ({ merged }) => merged === true);
    expect(pull).toMatchObject({ state: 'closed', merged_at: expect.any(String) as string });
    await at.git('fetch', '--quiet', 'origin');
    expect(pull.merge_commit_sha).toBe(await at.git('rev-parse', 'origin/main'));
    expect(await at.git('show', 'origin/main:loom/a.txt')).toBe('new');
    expect((await forge().merge(at.fullName, number)).toString()).toMatch(/^4/);
    const reopen = await call('PATCH', `/repos/${at.fullName}/pulls/${number}`, { state: 'open' });
    expect(reopen.status).toBeGreaterThanOrEqual(400);
  });

  it('tells of a conflict, and refuses to merge it', async () => {
    const at = await createRepository(forge(), 'conflicting');
    const { number } = await at.open('loom/a', { 'README.md': 'mine\n' });
    const theirs = await at.push('main', { 'README.md': 'theirs\n' });
    expect(await at.pullThat(number, ({ mergeable }) => mergeable === false)).toMatchObject({
      state: 'open',
    });
    expect([405, 409]).toContain(await forge().merge(at.fullName, number));
    expect(await at.git('ls-remote', 'origin', 'refs/heads/main')).toContain(theirs);
    // The branch made anew on top of main, as a retry does.
    await at.push('loom/a', { 'README.md': 'both\n' });
    await at.pullThat(number, ({ mergeable }) => mergeable === true);
  });

  it('closes without merging, keeps the branch, and lets a new one follow', async () => {
    const at = await createRepository(forge(), 'closed');
    const { number } = await at.open('loom/a');
    const closed = await call('PATCH', `/repos/${at.fullName}/pulls/${number}`, { state: 'closed' });
    expect([200, 201]).toContain(closed.status);
    expect(closed.body).toMatchObject({ number, state: 'closed', merged: false });
    expect(await forge().merge(at.fullName, number)).toBeGreaterThanOrEqual(400);
    expect(await at.git('ls-remote', 'origin', 'refs/heads/loom/a')).not.toBe('');
    expect((await at.open('loom/a')).number).toBe(number + 1);
  });

  it('closes one whose branch is deleted, and still tells which branch it was', async () => {
    const at = await createRepository(forge(), 'deleted');
    const { number } = await at.open('loom/a');
    await at.git('push', '--quiet', 'origin', ':refs/heads/loom/a');
    const pull = await at.pullThat(number, ({ state }) => state === 'closed');
    expect(pull.merged).toBe(false);
    // Gitea has another ref then (refs/pull/1/head) and keeps the name in the label, GitHub's is owner:branch.
    expect([pull.head.ref, pull.head.label]).toContain('loom/a');
  });
};
