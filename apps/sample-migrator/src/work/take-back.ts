import type { Logger } from '@loom/ports';
import { logFailure } from '../log-failure';
import type { Work, WorkStore } from '../ports';
import { patiently } from './patiently';
import type { PullRequests } from './pull-requests';

export interface TakeBackDeps {
  store: Pick<WorkStore, 'finish' | 'hold'>;
  pullRequests: Pick<PullRequests, 'withdraw' | 'withdrawBranch'>;
  logger: Logger;
  now: () => number;
  /** Resolves after `ms`. */
  wait: (ms: number) => Promise<void>;
}

/**
 * Takes back what a step of a cancelled run pushed and opened, and forgets the work. What cannot be taken back now stays
 * on record: for the cancel itself, and a pull request for the poll, a branch alone for its next claim.
 */
export type TakeBack = (work: Work) => Promise<void>;

/** Until the work is claimed once more; it doubles with each time. */
const FIRST_AGAIN_MS = 60_000;
const LAST_AGAIN_MS = 3_600_000;

/** Creates it; its only state is how often each could not be taken back. */
export function createTakeBack(deps: TakeBackDeps): TakeBack {
  const { store, pullRequests, logger } = deps;
  const failures = new Map<string, number>();
  const failed = ({ key, pushed, pullRequest }: Work, error: unknown): number => {
    const before = failures.get(key) ?? 0;
    failures.set(key, before + 1);
    const facts = { work: key, ...pushed, ...pullRequest, error };
    // Told once: it may need a person, and will not be mended by being said again.
    if (before === 0) logFailure(logger, 'what a cancelled step pushed could not be taken back yet', facts);
    else logger.debug('what a cancelled step pushed could not be taken back again', facts);
    return Math.min(FIRST_AGAIN_MS * 2 ** before, LAST_AGAIN_MS);
  };
  return async (work) => {
    const { key, pushed, pullRequest } = work;
    try {
      await patiently(deps.wait, async () => {
        if (pullRequest) await pullRequests.withdraw(pullRequest);
        else if (pushed) await pullRequests.withdrawBranch(pushed);
      });
    } catch (error) {
      await store.hold(key, deps.now() + failed(work, error));
      return;
    }
    failures.delete(key);
    await store.finish(key);
  };
}
