import { ScheduleAlreadyRunning, ScheduleNotFoundError, type Client } from '@temporalio/client';
import { RECONCILE_WORKFLOW } from '@loom/domain';
import type { StoreMemory } from '@loom/ports';
import { bounded, CALL_MS } from './temporal-calls';
import { TASK_QUEUE } from './temporal-engine';

/**
 * The StoreMemory on Temporal: the memo of a schedule that never fires. Unlike an execution it outlives every retention,
 * it costs no worker anything, and its creation succeeds once.
 */
export function createStoreMemory({
  client,
  taskQueue = TASK_QUEUE,
  callMs = CALL_MS,
}: {
  client: Client;
  taskQueue?: string;
  /** For one call: a server that has just begun may need long for its first schedule. */
  callMs?: number;
}): StoreMemory {
  const scheduleId = `loom-store-${taskQueue}`;

  async function remembered(): Promise<string | undefined> {
    return bounded(client, callMs, async () => {
      try {
        const { memo } = await client.schedule.getHandle(scheduleId).describe();
        const id = memo?.['storeId'];
        return typeof id === 'string' ? id : undefined;
      } catch (error) {
        if (error instanceof ScheduleNotFoundError) return undefined;
        throw error;
      }
    });
  }

  return {
    remembered,
    async remember(id) {
      const known = await remembered();
      if (known !== undefined) return known;
      try {
        await bounded(client, callMs, () =>
          client.schedule.create({
            scheduleId,
            spec: {},
            action: { type: 'startWorkflow', workflowType: RECONCILE_WORKFLOW, taskQueue },
            memo: { storeId: id },
            state: { paused: true, note: 'remembers which store belongs to these runs; do not delete it' },
          }),
        );
        return id;
      } catch (error) {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
        return (await remembered()) ?? id;
      }
    },
  };
}
