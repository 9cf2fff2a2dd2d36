import type { ForgeUnderTest } from './forge-under-test';
import { pullRequestsContract } from './pull-requests';
import { repositoriesContract } from './repositories';
import { webhooksContract } from './webhooks';

/** A forge that runs, and how it is left. */
export interface ForgeHarness {
  readonly forge: ForgeUnderTest;
  stop(): Promise<void>;
}

const limitMs = 60_000;

/**
 * What Loom's programs need of a forge, in the words that GitHub and Gitea share. The local forge passes it in every
 * run of the tests, a real Gitea in `npm run test:gitea`.
 */
export const forgeContract = (name: string, start: () => Promise<ForgeHarness>): void => {
  describe(`Forge: ${name}`, () => {
    let harness: ForgeHarness | undefined;
    const forge = (): ForgeUnderTest => {
      if (!harness) throw new Error('the forge was not started');
      return harness.forge;
    };
    jest.setTimeout(limitMs);
    beforeAll(async () => {
      harness = await start();
    });
    afterAll(() => harness?.stop());
    repositoriesContract(forge);
    pullRequestsContract(forge);
    webhooksContract(forge);
  });
};
