import { createHash } from 'node:crypto';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { ExecutionDescription } from '@loom/ports';
import { engineError } from './engine-errors';

/** For every call that the engine answers at once. */
export const CALL_MS = 5000;

/** A description with the id of the newest execution itself, beside the first one of its chain. */
export interface Described extends ExecutionDescription {
  newestId: string;
  /** Of the nonce that it was reserved with; absent where it was started before there was one. */
  nonceDigest?: string;
  /** When the newest execution began. */
  startedAt: string;
  /** How it stands, by Temporal's number. */
  statusCode: number;
}

/** Runs `call` with a deadline; errors leave it as the port tells them (`decisive`: see `engineError`). */
export async function bounded<T>(
  client: Client,
  ms: number,
  call: () => Promise<T>,
  decisive = false,
): Promise<T> {
  try {
    return await client.connection.withDeadline(Date.now() + ms, call);
  } catch (error) {
    throw engineError(error, decisive);
  }
}

/** As `bounded`; `absent` when the engine has no such execution, or none that is open where the call needs one. */
export async function boundedOr<T, A>(
  client: Client,
  ms: number,
  absent: A,
  call: () => Promise<T>,
): Promise<T | A> {
  try {
    return await bounded(client, ms, call);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return absent;
    throw error;
  }
}

/** The newest execution of `runId`, from the engine's own state. */
export async function describeNewest(client: Client, runId: string): Promise<Described | undefined> {
  const found = await boundedOr(client, CALL_MS, undefined, () =>
    client.workflow.getHandle(runId).describe(),
  );
  if (found === undefined) return undefined;
  const { runAttempt, nonceDigest } = found.memo ?? {};
  return {
    // A paused execution is open as well: it can be signalled, and blocks another start.
    open: found.closeTime === undefined,
    executionId: found.raw.workflowExecutionInfo?.firstRunId || found.runId,
    newestId: found.runId,
    startedAt: found.startTime.toISOString(),
    statusCode: found.status.code,
    // Only an execution that something else started has no memo; it is older than any attempt.
    runAttempt: typeof runAttempt === 'number' ? runAttempt : 0,
    ...(typeof nonceDigest === 'string' ? { nonceDigest } : {}),
  };
}

/** Tells reservations apart whose numbers are the same; memos are shown in lists, where the nonce must not be. */
export function digestOf(nonce: string): string {
  return createHash('sha256').update(nonce).digest('base64url');
}
