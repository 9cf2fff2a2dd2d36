import { proxyActivities } from '@temporalio/workflow';
import type { Activities, ReconcileReport } from '../activities';

const activities = proxyActivities<Activities>({
  startToCloseTimeout: '60s',
  // The schedule comes again soon; a tick that keeps failing must not pile up behind itself.
  retry: { maximumAttempts: 3 },
});

/** One tick of the scheduled reconciliation: starts reservations that no workflow took up, asks again for cancels. */
export async function ReconcileRuns(): Promise<ReconcileReport> {
  const restarted = await activities.restartReservations();
  const cancels = await activities.askCancelsAgain();
  return { ...restarted, ...cancels };
}
