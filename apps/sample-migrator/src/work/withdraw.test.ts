import { ForgeError, GitError } from '../ports';
import { createMemoryForge } from '../ports/memory/memory-forge';
import { createMemoryGitRepositories } from '../ports/memory/memory-git-repositories';
import { withdraw, withdrawBranch } from './withdraw';

const pushed = { repo: 'acme/x', branch: 'b' };

/** No repositories yet, and a forge that may know the repository. */
function setUp(isKnown: boolean) {
  const repositories = createMemoryGitRepositories();
  const forge = createMemoryForge();
  if (!isKnown)
    forge.findOpen = () => Promise.reject(new ForgeError('404 Not Found', false, { notFound: true }));
  return { forge, repositories };
}

test('a branch goes with its open pull request, or alone', async () => {
  const { forge, repositories } = setUp(true);
  repositories.setMain('acme/x', { f: '1' });
  const push = async () => {
    const snapshot = await repositories.snapshot('acme/x');
    await repositories.push({ snapshot, branch: 'b', message: 'm', at: '', changes: new Map() });
  };
  await push();
  await forge.open({ ...pushed, base: 'main', title: 't', body: 'b' });
  expect(await withdrawBranch({ forge, repositories }, pushed)).toBe(true);
  expect(forge.all()).toMatchObject([{ state: 'closed' }]);
  expect(repositories.branches('acme/x')).toEqual(['main']);
  await push();
  expect(await withdrawBranch({ forge, repositories }, pushed)).toBe(false);
  expect(repositories.branches('acme/x')).toEqual(['main']);
});

test('of a repository that neither the forge nor git knows nothing is left', async () => {
  expect(await withdrawBranch(setUp(false), pushed)).toBe(false);
  // Git alone may be mistaken.
  await expect(withdrawBranch(setUp(true), pushed)).rejects.toThrow(GitError);
});

test.each([
  ['git is away for the moment', false, new GitError('connection refused', true)],
  ['git does not know the token', false, new GitError('401', false, { tokenRefused: true })],
  ['the pull request is there, and its branch cannot be deleted', true, new GitError('protected branch')],
])('where %s, a pull request is not taken back', async (_, isThere, error) => {
  const { forge, repositories } = setUp(true);
  repositories.deleteBranch = () => Promise.reject(error);
  const opened = await forge.open({ ...pushed, base: 'main', title: 't', body: 'b' });
  if (!isThere) forge.vanish('acme/x', 1);
  await expect(withdraw({ forge, repositories }, opened)).rejects.toThrow(error);
});

test('a pull request of a repository that is gone needs nothing', async () => {
  const { forge, repositories } = setUp(true);
  const opened = await forge.open({ ...pushed, base: 'main', title: 't', body: 'b' });
  forge.vanish('acme/x', 1);
  await withdraw({ forge, repositories }, opened);
});
