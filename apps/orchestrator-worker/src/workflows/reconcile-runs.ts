import { proxyActivities, sleep } from '@temporalio/workflow';
import type { Activities, ReconcileReport } from '../activities';

const activities = proxyActivities<Activities>({
  // The activities stop themselves after 15 s. A worker that dies with one holds up the schedule for this long.
  startToCloseTimeout: '25s',
  // The schedule comes again soon; a tick that keeps failing must not pile up behind itself.
  retry: { maximumAttempts: 3 },
});

/** Between the two looks at a workflow that seems to be gone: one that just began or ended is told from a lost one. */
const SECOND_LOOK = '5s';

/** One tick of the scheduled reconciliation. What fails in one part does not keep the other from its work. */
export async function ReconcileRuns(): Promise<ReconcileReport> {
  const [restarted, cancels] = await Promise.allSettled([
    settleCancels(),
    activities.restartReservations(),
  ]).then(([cancelled, started]) => [valueOf(started), valueOf(cancelled)] as const);
  return { restarted, ...cancels };
}

async function settleCancels(): Promise<Pick<ReconcileReport, 'cancelsAsked' | 'cancelsSettled'>> {
  const { asked, gone } = await activities.askCancelsAgain();
  if (gone.length === 0) return { cancelsAsked: asked, cancelsSettled: 0 };
  await sleep(SECOND_LOOK);
  return { cancelsAsked: asked, cancelsSettled: await activities.settleGoneCancels(gone) };
}

function valueOf<T>(result: PromiseSettledResult<T>): T {
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}
