import { proxyActivities, proxyLocalActivities, ActivityCancellationType } from '@temporalio/workflow';
import type { Activities } from '../activities';

/**
 * A local activity spares the server's work for a hop. It must end well inside a workflow task, and a signal waits
 * for it, so it gets this long and one attempt; then the regular one takes over.
 */
const LOCAL_LIMIT = '1200ms';

/** Quick first attempts. */
export const local = proxyLocalActivities<Activities>({
  startToCloseTimeout: LOCAL_LIMIT,
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Writes to the store: repeated until it answers, since nothing may be lost. */
export const durable = proxyActivities<Activities>({
  // A crash of the worker is noticed after this long; the scripts themselves take milliseconds.
  startToCloseTimeout: '10s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '15s' },
});

/**
 * Tells migrators of a cancel, best effort. A start waits 5 s for the run before it to close; about one of them passes
 * before a POST under way has ended. So this has 2.5 s in all: time to repeat what fails at once, not what hangs. The
 * activity itself repeats; Temporal would count neither the tries nor their time as one.
 */
export const bestEffort = proxyActivities<Activities>({
  // A busy worker takes it up later than that, but then still tells.
  scheduleToStartTimeout: '30s',
  startToCloseTimeout: '2500ms',
  retry: { maximumAttempts: 1 },
});

/** Dispatches with retries until `budgetMs` has passed since the first of them. */
export function retrying(budgetMs: number): Pick<Activities, 'dispatchStep'> {
  return proxyActivities<Activities>({
    scheduleToCloseTimeout: budgetMs,
    // One POST takes at most 10 s (the activity's own limit); the rest is a margin for the store.
    startToCloseTimeout: '15s',
    // Cancellation reaches an activity with its heartbeats; a dead worker is noticed as soon.
    heartbeatTimeout: '5s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '60s' },
    // Cleanup must not begin before the POST has ended.
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  });
}
