import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { RECONCILE_WORKFLOW } from '@loom/domain';

/** One schedule a task queue; every worker of it ensures it, the first one creates it. */
const scheduleId = (taskQueue: string): string => `loom-reconcile-${taskQueue}`;

/** Ensures that the reconciliation runs every `everyMs`, with today's definition. */
export async function ensureReconcileSchedule(
  client: Client,
  taskQueue: string,
  everyMs: number,
): Promise<void> {
  const spec = { intervals: [{ every: everyMs }] };
  const action = {
    type: 'startWorkflow' as const,
    workflowType: RECONCILE_WORKFLOW,
    workflowId: scheduleId(taskQueue),
    taskQueue,
    workflowExecutionTimeout: '5m' as const,
  };
  // A tick that is still running makes the next one moot.
  const policies = { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' as const };
  try {
    await client.schedule.create({ scheduleId: scheduleId(taskQueue), spec, action, policies });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const handle = client.schedule.getHandle(scheduleId(taskQueue));
    await handle.update((previous) => ({ ...previous, spec, action, policies }));
  }
}
