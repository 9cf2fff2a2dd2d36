import { forgeContract } from '../ports/contract/forge-contract';
import { octokitHarness } from '../testing/forge-harness';
import { quietTokenLog } from '../testing/memory-migrator';
import { startLocalForge, type LocalForge } from '../testing/local-forge';
import { createQuota } from './quota';
import { createOctokitForge } from './octokit-forge';

let local: LocalForge;
beforeAll(async () => {
  local = await startLocalForge();
});
afterAll(() => local.stop());

const retry = { attempts: 1, maxWaitMs: 0, wait: () => Promise.resolve(), now: () => Date.now() };
let owners = 0;

forgeContract('octokit, against the local forge', () => {
  // Each test has an owner of its own.
  owners += 1;
  const account = {
    ...local,
    apiUrl: local.url,
    webUrl: local.url,
    merge: async (repo: string, number: number) => {
      await local.api('PUT', `/repos/${repo}/pulls/${String(number)}/merge`, {});
    },
  };
  return octokitHarness(account, `acme${String(owners)}`, retry);
});

test('a forge that does not answer is told apart from one that refuses', async () => {
  const forge = createOctokitForge({
    apiUrl: 'http://127.0.0.1:9',
    token: 'canary',
    retry,
    timeoutMs: 1_000,
    tokenLog: quietTokenLog(),
    quota: createQuota(),
  });
  await expect(forge.get('acme/one', 1)).rejects.toThrow('the forge gave no answer');
  await expect(forge.ping()).rejects.toThrow();
  await expect(forge.get('acme/one', 1)).rejects.not.toThrow('canary');
  const refused = createOctokitForge({
    ...{ apiUrl: local.url, token: 'not-the-token', retry, timeoutMs: 5_000 },
    tokenLog: quietTokenLog(),
    quota: createQuota(),
  });
  await expect(refused.get('acme/one', 1)).rejects.toThrow('401 Bad credentials');
  await expect(refused.get('acme/one', 1)).rejects.toMatchObject({ notFound: false });
  await expect(refused.ping()).rejects.toThrow('the forge refuses GITHUB_TOKEN');
});
