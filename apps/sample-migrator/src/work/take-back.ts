import type { Logger } from '@loom/ports';
import { logFailure } from '../log-failure';
import type { Work, WorkStore } from '../ports';
import { patiently } from './patiently';
import type { PullRequests } from './pull-requests';

export interface TakeBackDeps {
  store: Pick<WorkStore, 'finish' | 'hold' | 'withdrawn'>;
  pullRequests: Pick<PullRequests, 'withdraw' | 'withdrawBranch'>;
  logger: Logger;
  now: () => number;
  /** Resolves after `ms`. */
  wait: (ms: number) => Promise<void>;
}

/**
 * Takes back what a step pushed and opened, since its run is cancelled, or the step has ended before. What cannot be
 * taken back now is claimed again, and once more what was: then the work is forgotten. What is on record no more is only
 * told.
 */
export type TakeBack = (work: Work) => Promise<void>;

/**
 * After that, what was taken back is looked for once more. Longer than a push or the opening of a pull request may go on
 * whose process was killed or cut off: git is ended after two minutes, a question to the forge sooner.
 */
export const LATE_MS = 600_000;
/** Until the work is claimed again; it doubles with each time. */
const FIRST_AGAIN_MS = 60_000;
const LAST_AGAIN_MS = 3_600_000;

/** Closes and deletes what the work pushed. True when it had a pull request. Throws GitError or ForgeError. */
export async function withdrawWork(
  pullRequests: TakeBackDeps['pullRequests'],
  { pushed, pullRequest }: Work,
): Promise<boolean> {
  if (!pullRequest) return pushed !== undefined && pullRequests.withdrawBranch(pushed);
  await pullRequests.withdraw(pullRequest);
  return true;
}

/** Creates it; its only state is how often each could not be taken back. */
export function createTakeBack(deps: TakeBackDeps): TakeBack {
  const { store, pullRequests, logger } = deps;
  const failures = new Map<string, number>();
  const failed = async ({ key, pushed, pullRequest }: Work, error: unknown): Promise<void> => {
    const before = failures.get(key) ?? 0;
    const again = Math.min(FIRST_AGAIN_MS * 2 ** before, LAST_AGAIN_MS);
    const facts = { work: key, ...pushed, ...pullRequest, error };
    if (!(await store.hold(key, deps.now() + again))) {
      failures.delete(key);
      logFailure(logger, 'what a step pushed after its end is left behind: close it by hand', facts);
      return;
    }
    failures.set(key, before + 1);
    // Told once: it may need a person, and will not be mended by being said again.
    if (before === 0) logFailure(logger, 'what a cancelled step pushed could not be taken back yet', facts);
    else logger.debug('what a cancelled step pushed could not be taken back again', facts);
  };
  return async (work) => {
    const { key } = work;
    try {
      await patiently(deps.wait, () => withdrawWork(pullRequests, work));
    } catch (error) {
      await failed(work, error);
      return;
    }
    failures.delete(key);
    if (work.isWithdrawn || !work.pushed) await store.finish(key);
    else await store.withdrawn(key, deps.now() + LATE_MS);
  };
}
