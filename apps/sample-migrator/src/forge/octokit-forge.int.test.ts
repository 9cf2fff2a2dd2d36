import { forgeContract } from '../ports/contract/forge-contract';
import { commitTo } from '../testing/clone';
import { startLocalForge, type LocalForge } from '../testing/local-forge';
import { createOctokitForge } from './octokit-forge';

let local: LocalForge;
beforeAll(async () => {
  local = await startLocalForge();
});
afterAll(() => local.stop());

const retry = { attempts: 1, maxWaitMs: 0, wait: () => Promise.resolve(), now: () => Date.now() };
let owners = 0;

forgeContract('octokit, against the local forge', async () => {
  // The contract speaks of acme/one; each test has an owner of its own behind that name.
  owners += 1;
  const owner = `acme${String(owners)}`;
  await local.api('POST', `/orgs/${owner}/repos`, { name: 'one' });
  const remote = `${local.url}/${owner}/one.git`;
  commitTo(remote, local.token, 'main', { f: 'main\n' });
  const forge = createOctokitForge({ apiUrl: local.url, token: local.token, retry, timeoutMs: 10_000 });
  const real = (repo: string): string => repo.replace('acme/', `${owner}/`);
  const shown = <T extends { repo: string }>(pull: T): T => ({
    ...pull,
    repo: pull.repo.replace(owner, 'acme'),
  });
  return {
    forge: {
      ...forge,
      findOpen: async (repo, branch) => {
        const found = await forge.findOpen(real(repo), branch);
        return found && shown(found);
      },
      open: async (request) => shown(await forge.open({ ...request, repo: real(request.repo) })),
      get: async (repo, number) => {
        try {
          return shown(await forge.get(real(repo), number));
        } catch (error) {
          if (error instanceof Error) error.message = error.message.replace(owner, 'acme');
          throw error;
        }
      },
      close: (repo, number) => forge.close(real(repo), number),
    },
    pushBranch: (branch) => {
      commitTo(remote, local.token, branch, { f: `${branch}\n`, [branch]: 'x\n' });
      return Promise.resolve();
    },
    merge: async (number) => {
      const merged = await local.api('PUT', `/repos/${owner}/one/pulls/${String(number)}/merge`, {});
      return (merged as { sha: string }).sha;
    },
    conflict: () => {
      commitTo(remote, local.token, 'main', { f: 'somebody was faster\n' });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
});

test('a forge that does not answer is told apart from one that refuses', async () => {
  const forge = createOctokitForge({
    apiUrl: 'http://127.0.0.1:9',
    token: 'canary',
    retry,
    timeoutMs: 1_000,
  });
  await expect(forge.get('acme/one', 1)).rejects.toThrow('the forge gave no answer');
  await expect(forge.ping()).rejects.toThrow();
  await expect(forge.get('acme/one', 1)).rejects.not.toThrow('canary');
  const refused = createOctokitForge({ apiUrl: local.url, token: 'not-the-token', retry, timeoutMs: 5_000 });
  await expect(refused.get('acme/one', 1)).rejects.toThrow('401 Bad credentials');
  await expect(refused.get('acme/one', 1)).rejects.toMatchObject({ notFound: false });
  await expect(refused.ping()).resolves.toBeUndefined();
});
