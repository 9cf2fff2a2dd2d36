import type { Logger } from '@loom/ports';
import { logFailure } from '../log-failure';
import type { Work, WorkStore } from '../ports';
import type { PullRequests } from './pull-requests';

export interface TakeBackDeps {
  store: Pick<WorkStore, 'finish' | 'hold'>;
  pullRequests: Pick<PullRequests, 'withdraw' | 'withdrawBranch'>;
  logger: Logger;
  now: () => number;
  /** Resolves after `ms`. */
  wait: (ms: number) => Promise<void>;
}

const ATTEMPTS = 3;
const BASE_WAIT_MS = 1_000;
/** Until the work is claimed once more. */
const AGAIN_MS = 60_000;

/**
 * The run was cancelled while its step was being executed: takes back what the step pushed and opened, and forgets the
 * work. What cannot be taken back now stays on record: for the cancel itself, and a pull request for the poll, a branch
 * alone for its next claim.
 */
export async function takeBack(deps: TakeBackDeps, work: Work): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      if (work.pullRequest) await deps.pullRequests.withdraw(work.pullRequest);
      else if (work.pushed) await deps.pullRequests.withdrawBranch(work.pushed);
      break;
    } catch (error) {
      if (tries >= ATTEMPTS) {
        const { key, pushed } = work;
        const facts = { work: key, ...pushed, error };
        logFailure(deps.logger, 'what a cancelled step pushed could not be taken back yet', facts);
        await deps.store.hold(key, deps.now() + AGAIN_MS);
        return;
      }
      await deps.wait(BASE_WAIT_MS * 2 ** (tries - 1));
    }
  }
  await deps.store.finish(work.key);
}
