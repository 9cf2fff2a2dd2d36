import type { Logger } from '@loom/ports';
import { logFailure } from '../log-failure';
import type { Work, WorkStore } from '../ports';
import type { PullRequests } from './pull-requests';

export interface TakeBackDeps {
  store: Pick<WorkStore, 'finish'>;
  pullRequests: Pick<PullRequests, 'withdraw'>;
  logger: Logger;
  /** Resolves after `ms`. */
  wait: (ms: number) => Promise<void>;
}

const ATTEMPTS = 3;
const BASE_WAIT_MS = 1_000;

/**
 * The run was cancelled while its step was being executed: closes what the step opened, and forgets the work. What
 * cannot be closed now stays on record, for the cancel itself and for the poll.
 */
export async function takeBack(deps: TakeBackDeps, work: Work): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      if (work.pullRequest) await deps.pullRequests.withdraw(work.pullRequest);
      break;
    } catch (error) {
      if (tries >= ATTEMPTS) {
        const { key, pullRequest } = work;
        const facts = { work: key, url: pullRequest?.url, error };
        logFailure(deps.logger, 'what a cancelled step opened could not be closed yet', facts);
        return;
      }
      await deps.wait(BASE_WAIT_MS * 2 ** (tries - 1));
    }
  }
  await deps.store.finish(work.key);
}
