import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { RECONCILE_WORKFLOW } from '@loom/domain';
import type { ReconcileReport, Reconciler, Reconciliation } from '@loom/ports';
import { isDeadline } from './engine-errors';
import { bounded, boundedOr, CALL_MS } from './temporal-calls';
import { TASK_QUEUE } from './temporal-engine';

/** A whole fleet takes many looks; what is left of a very large one comes round with the scheduled ticks. */
const LONGEST = '10m';

/** The Reconciler on Temporal: the scheduled workflow under an id of its own, of which one is open at a time. */
export function createReconciler({
  client,
  taskQueue = TASK_QUEUE,
}: {
  client: Client;
  taskQueue?: string;
}): Reconciler {
  const workflowId = `loom-reconcile-now-${taskQueue}`;

  async function find(id?: string): Promise<Reconciliation | undefined> {
    const handle = client.workflow.getHandle(workflowId, id);
    const found = await boundedOr(client, CALL_MS, undefined, () => handle.describe());
    if (found === undefined) return undefined;
    if (found.closeTime === undefined) return { id: found.runId, status: 'running' };
    if (found.status.name !== 'COMPLETED') return { id: found.runId, status: 'failed' };
    const ended = client.workflow.getHandle(workflowId, found.runId);
    const report = await bounded(client, CALL_MS, () => ended.result() as Promise<ReconcileReport>);
    return { id: found.runId, status: 'completed', report };
  }

  return {
    // An id that is none of Temporal's is refused as malformed.
    find: async (id) => (id === undefined || UUID.test(id) ? find(id) : undefined),

    async run(waitMs) {
      const handle = await bounded(client, CALL_MS, () =>
        client.workflow.start(RECONCILE_WORKFLOW, {
          workflowId,
          taskQueue,
          args: [{ whole: true }],
          workflowExecutionTimeout: LONGEST,
          workflowIdConflictPolicy: 'USE_EXISTING',
        }),
      );
      const id = handle.firstExecutionRunId;
      await ended(client, workflowId, id, Date.now() + waitMs);
      return (await find(id)) ?? { id, status: 'running' };
    },
  };
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Resolves when it has ended, in whatever way, or when `end` (ms) has come. */
async function ended(client: Client, workflowId: string, id: string, end: number): Promise<void> {
  try {
    await client.connection.withDeadline(end, () => client.workflow.getHandle(workflowId, id).result());
  } catch (error) {
    // How it ended is told by its description.
    if (isDeadline(error, end) || error instanceof WorkflowNotFoundError) return;
    if (error instanceof Error && error.name === 'WorkflowFailedError') return;
    throw error;
  }
}
