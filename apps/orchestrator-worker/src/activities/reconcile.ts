import { runId as runIdOf } from '@loom/domain';
import {
  releaseHeld,
  type Clock,
  type ExecutionEngine,
  type Logger,
  type RunAddress,
  type Stores,
} from '@loom/ports';
import { reconciliation } from './reconciliation';

export interface ReconcileDeps extends Pick<Stores, 'repair' | 'ledger' | 'held' | 'audit'> {
  engine: ExecutionEngine;
  clock: Clock;
  logger: Logger;
}

/** Younger ones are likely just under way; the API's own request may take up to its gRPC deadline. */
const GRACE_MS = 30_000;
/** Whoever ends a pause tells the held runs at once; this is for those that it could not. */
const RELEASE_GRACE_MS = 10_000;
/** A tick's share; the rest waits for the next one, so that a tick stays well inside its time. */
const BATCH = 200;
/** Of one activity, well inside its time: also when every call runs into its own deadline. */
const WORK_MS = 15_000;
/** Author of a settlement whose cancel was recorded by nobody; there is none here, a cancel is what was found. */
const FALLBACK = { by: 'reconciliation', reason: 'the workflow of this attempt is gone' };

const GONE = reconciliation(FALLBACK.reason);
const UNSTARTED = reconciliation('the reservation had no workflow');

/** Repairs what a crash between two writes leaves behind. Each act is idempotent and conditional on its run attempt. */
export function createReconcileActivities({
  repair,
  ledger,
  held,
  audit,
  engine,
  clock,
  logger,
}: ReconcileDeps) {
  const before = (graceMs = GRACE_MS): string => new Date(Date.parse(clock.now()) - graceMs).toISOString();

  /** One that cannot be repaired must not keep the others from it. */
  async function each<T extends { runId: string }>(
    items: readonly T[],
    repairOne: (item: T) => Promise<boolean>,
  ) {
    const end = Date.now() + WORK_MS;
    let repaired = 0;
    for (const item of items) {
      if (Date.now() > end) break; // the next tick goes on
      try {
        if (await repairOne(item)) repaired += 1;
      } catch (error) {
        logger.error('a run could not be repaired; the next tick tries again', { runId: item.runId, error });
      }
    }
    return repaired;
  }

  async function isGone({ runId, runAttempt }: { runId: string; runAttempt: number }): Promise<boolean> {
    const execution = await engine.describe(runId);
    return execution === undefined || !execution.open || execution.runAttempt > runAttempt;
  }

  /** Best effort, and last: reservations must not wait for it. */
  async function mendList(): Promise<void> {
    try {
      const behind = await repair.rederive();
      if (behind > 0) logger.info('the list of migrations was behind of some', { migrations: behind });
    } catch (error) {
      logger.error('the list of migrations could not be mended; the next tick tries again', { error });
    }
  }

  return {
    /** Mends the list of migrations too: an activity more in the workflow would break the ticks under way. */
    async restartReservations(): Promise<number> {
      const restarted = await each(await repair.unstarted(before(), BATCH), async (manifest) => {
        const { runId, runAttempt, migrationId, candidate } = manifest;
        const result = await engine.start(manifest);
        if (result.outcome === 'other_open') {
          const openAttempt = result.runAttempt;
          logger.warn('a reservation waits for an execution that the store does not know', {
            runId,
            runAttempt,
            openAttempt,
          });
        }
        if (result.outcome !== 'started') return false;
        logger.warn('started a reservation that no workflow had taken up', { runId, runAttempt });
        const restarted = { migrationId, candidateId: candidate.id, runAttempt };
        await audit.append({ ...UNSTARTED, action: 'restart', ...restarted });
        return true;
      });
      await mendList();
      return restarted;
    },

    /** Goes on with what the end of a pause began: a run that was told and waits nevertheless is told again. */
    async releaseHeldRuns(): Promise<number> {
      const end = Date.now() + WORK_MS;
      const released = await releaseHeld(
        { held, engine },
        { before: before(RELEASE_GRACE_MS), isOver: () => Date.now() > end },
      );
      if (released > 0) logger.warn('told held runs that their pause is over', { released });
      return released;
    },

    /** Asks the workflows of recorded cancels again, and answers those whose workflow seems to be gone. */
    async askCancelsAgain(): Promise<{ asked: number; gone: RunAddress[] }> {
      const gone: RunAddress[] = [];
      const asked = await each(await repair.pendingCancels(before(), BATCH), async (cancel) => {
        if (await engine.cancel(cancel)) return true;
        const { migrationId, candidateId, runAttempt } = cancel;
        // Nothing more: the workflow carries it, and the plans of a whole batch would be more than it can carry.
        if (await isGone(cancel)) gone.push({ migrationId, candidateId, runAttempt });
        return false;
      });
      return { asked, gone };
    },

    /** Looks at them once more, and gives back the candidates of those that are really gone. */
    async settleGoneCancels(gone: readonly RunAddress[]): Promise<number> {
      const cancels = gone.map((run) => ({ ...run, runId: runIdOf(run.migrationId, run.candidateId) }));
      return await each(cancels, async ({ runId, migrationId, candidateId, runAttempt }) => {
        if (!(await isGone({ runId, runAttempt }))) return false;
        const run = { migrationId, candidateId, runAttempt };
        const outcome = await ledger.settleCancel({ ...run, at: clock.now(), fallback: FALLBACK }, GONE);
        if (outcome !== 'applied') return false;
        logger.warn('settled a cancel whose workflow was gone', { runId, runAttempt });
        return true;
      });
    },
  };
}
