import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { forgeContract } from '../ports/contract/forge-contract';
import { octokitHarness } from '../testing/forge-harness';
import { testGitea } from '../testing/gitea';

const retry = { attempts: 1, maxWaitMs: 0, wait: (ms: number) => wait(ms), now: () => Date.now() };

forgeContract('octokit, against a real Gitea', async () => {
  const gitea = testGitea();
  const owner = `migrator-${randomUUID().slice(0, 8)}`;
  await gitea.api('POST', '/orgs', { username: owner });
  const harness = await octokitHarness(gitea, owner, retry);
  return {
    ...harness,
    merge: async (number) => {
      await until(async () => !(await harness.forge.get('acme/one', number)).conflicting);
      return harness.merge(number);
    },
    close: async () => {
      await gitea.api('DELETE', `/repos/${owner}/one`);
      await gitea.api('DELETE', `/orgs/${owner}`);
    },
  };
});

/** Gitea merges only what it has looked at. */
async function until(ready: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!(await ready())) if (Date.now() > deadline) throw new Error('it is not ready to be merged');
}
