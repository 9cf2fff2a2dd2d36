import { git } from '../testing/harness';
import { createClient, createRepository, type ForgeUnderTest, remoteOf } from './forge-under-test';

/** Accounts, repositories, git over HTTP, and who is let in. */
export const repositoriesContract = (forge: () => ForgeUnderTest): void => {
  const as = (token: string | undefined) => createClient(forge(), token);
  const mine = () => as(forge().token);

  it('says whose the token is, and refuses a wrong one everywhere', async () => {
    expect(await mine().call('GET', '/user')).toMatchObject({
      status: 200,
      body: { login: expect.any(String) as string },
    });
    const { name, fullName } = await createRepository(forge(), 'guarded');
    const wrong = as('not-the-token');
    expect((await wrong.call('GET', '/user')).status).toBe(401);
    expect((await wrong.call('GET', `/repos/${fullName}`)).status).toBe(401);
    expect((await wrong.call('POST', `/orgs/${forge().owner}/repos`, { name })).status).toBe(401);
    expect((await as(undefined).call('GET', '/user')).status).toBe(401);
    const pull = { head: 'main', base: 'main', title: 't' };
    expect([401, 404]).toContain((await as(undefined).call('POST', `/repos/${fullName}/pulls`, pull)).status);
  });

  it('makes a repository once, and tells of it', async () => {
    const { name, fullName } = await createRepository(forge(), 'once');
    const again = await mine().call('POST', `/orgs/${forge().owner}/repos`, { name });
    expect([409, 422]).toContain(again.status);
    expect(await mine().call('GET', `/repos/${fullName}`)).toMatchObject({
      status: 200,
      body: { name, full_name: fullName, default_branch: 'main', owner: { login: forge().owner } },
    });
  });

  it('answers 404 for what is not there', async () => {
    const { fullName } = await createRepository(forge(), 'almost-empty');
    for (const path of [
      `/repos/${forge().owner}/absent`,
      `/repos/${forge().owner}/absent/pulls`,
      `/repos/${fullName}/pulls/99`,
    ])
      expect({ path, ...(await mine().call('GET', path)) }).toMatchObject({ path, status: 404 });
    const close = await mine().call('PATCH', `/repos/${fullName}/pulls/99`, { state: 'closed' });
    expect(close.status).toBe(404);
  });

  it('takes branches by git, names the default one, and lets nobody else push', async () => {
    const at = await createRepository(forge(), 'pushed');
    const sha = await at.push('loom/a/1/step', { 'a.txt': 'a\n' });
    const refs = await at.git('ls-remote', '--symref', 'origin');
    expect(refs).toContain('ref: refs/heads/main\tHEAD');
    expect(refs).toContain(`${sha}\trefs/heads/loom/a/1/step`);
    // The same branch again, with another commit: what a repeated step does.
    expect(await at.push('loom/a/1/step', { 'a.txt': 'b\n' })).not.toBe(sha);
    await at.git('push', '--quiet', 'origin', ':refs/heads/loom/a/1/step');
    expect(await at.git('ls-remote', 'origin', 'refs/heads/loom/*')).toBe('');
    const stranger = remoteOf(forge(), at.fullName, 'not-the-token');
    await expect(at.git('push', '--quiet', stranger, 'main:stranger')).rejects.toThrow(/auth|401/i);
  });

  it('gives one commit of the default branch to a shallow clone, and takes a branch from it', async () => {
    const at = await createRepository(forge(), 'shallow');
    await at.push('main', { 'second.txt': '2\n' });
    const remote = remoteOf(forge(), at.fullName, forge().token);
    const directory = await at.git('rev-parse', '--show-toplevel');
    await git(directory, 'init', '--quiet', '--bare', 'shallow.git');
    const bare = `${directory}/shallow.git`;
    await git(bare, 'fetch', '--quiet', '--depth=1', '--no-tags', '--', remote, '+refs/heads/main:refs/base');
    expect(await git(bare, 'rev-list', '--count', 'refs/base')).toBe('1');
    const commit = await git(bare, 'commit-tree', 'refs/base^{tree}', '-p', 'refs/base', '-m', 'same');
    await git(bare, 'push', '--quiet', '--force', '--', remote, `${commit}:refs/heads/from-shallow`);
    expect(await at.git('ls-remote', 'origin', 'refs/heads/from-shallow')).toContain(commit);
  });

  it('shows a file of the default branch under one address', async () => {
    const at = await createRepository(forge(), 'shown');
    await at.push('main', { 'apps/a b/file.txt': 'to be seen\n' });
    const page = await fetch(`${forge().webUrl}/${at.fullName}/blob/HEAD/apps/a%20b/file.txt`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('to be seen')]);
  });
};
