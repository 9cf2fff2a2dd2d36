import { CancellationScope } from '@temporalio/workflow';
import type { RunProjection } from '@loom/ports';
import type { Activities } from '../activities';
import { durable, local } from './activity-proxies';

/** The first act of a run: conditional on its attempt's reservation. */
export const beginRun = (first: Parameters<Activities['beginRun']>[0]) =>
  write((activities) => activities.beginRun(first));

/** Shows a view of the run. */
export const projectRun = (view: RunProjection) => write((activities) => activities.projectRun(view));

/** Ends the run as a completed one, unless a cancel is on record. */
export const completeRun = (view: RunProjection) => write((activities) => activities.completeRun(view));

/**
 * Writes as a local activity, and as a regular one when that does not succeed at once. Both are idempotent, so it does
 * not matter whether the first one took effect. A cancel does not interrupt either: what is half known is worse.
 */
async function write<T>(through: (activities: Writes) => Promise<T>): Promise<T> {
  return await CancellationScope.nonCancellable(async () => {
    try {
      return await through(local);
    } catch {
      return await through(durable);
    }
  });
}

type Writes = Pick<Activities, 'beginRun' | 'projectRun' | 'completeRun'>;
