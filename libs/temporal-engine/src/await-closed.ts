import { WorkflowContinuedAsNewError, WorkflowFailedError, WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { engineError, isDeadline } from './engine-errors';
import { describeNewest } from './temporal-calls';

/**
 * Waits until no execution of an attempt up to `runAttempt` is open; false when the time passed first. The engine
 * itself tells when an execution closes (a long poll), and a look says what the newest one is then.
 */
export async function awaitClosed(
  client: Client,
  { runId, runAttempt, timeoutMs }: { runId: string; runAttempt: number; timeoutMs: number },
): Promise<boolean> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const newest = await describeNewest(client, runId);
    if (newest?.open !== true || newest.runAttempt > runAttempt) return true;
    if (Date.now() >= end) return false;
    if (!(await closes(client, runId, newest.newestId, end))) return false;
  }
}

/** True when this one execution has closed, in whatever way; false when `end` came first. */
async function closes(client: Client, runId: string, newestId: string, end: number): Promise<boolean> {
  try {
    await client.connection.withDeadline(end, () =>
      client.workflow.getHandle(runId, newestId, { followRuns: false }).result(),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowFailedError || error instanceof WorkflowContinuedAsNewError) return true;
    // Its history is gone already.
    if (error instanceof WorkflowNotFoundError) return true;
    if (isDeadline(error, end)) return false;
    throw engineError(error);
  }
}
