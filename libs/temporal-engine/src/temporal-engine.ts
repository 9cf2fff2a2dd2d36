import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { PROGRESS_QUERY, RUN_WORKFLOW, SIGNALS, type RunManifest, type RunProgress } from '@loom/domain';
import type { ExecutionDescription, ExecutionEngine, RunMessage, StartOutcome } from '@loom/ports';
import { engineUnavailable, isNotFound } from './engine-errors';

export interface TemporalEngineDeps {
  client: Client;
  /** The one that the worker polls. */
  taskQueue: string;
  /** Bound of a single call, in ms. */
  callTimeoutMs?: number;
}

/** Above Temporal's own slow paths, below what a caller of the API waits for. */
const CALL_MS = 5000;
/** A query needs a worker; it is for people and repairs, who can ask again. */
const QUERY_MS = 3000;
/** A workflow task is a few ms of work, so a worker that is silent this long is taken for dead. */
const WORKFLOW_TASK_TIMEOUT = '5s';

/** Runs on Temporal: workflow id = run id, and the run attempt in the memo, which continue-as-new keeps. */
export function createTemporalEngine({
  client,
  taskQueue,
  callTimeoutMs = CALL_MS,
}: TemporalEngineDeps): ExecutionEngine {
  const bounded = async <T>(call: () => Promise<T>, ms = callTimeoutMs): Promise<T> => {
    try {
      return await client.withDeadline(Date.now() + ms, call);
    } catch (error) {
      if (error instanceof WorkflowExecutionAlreadyStartedError || isNotFound(error)) throw error;
      throw engineUnavailable(error);
    }
  };
  const unlessMissing = async <T>(call: () => Promise<T>, ms?: number): Promise<T | undefined> => {
    try {
      return await bounded(call, ms);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  };
  const describe = async (runId: string) => {
    const description = await unlessMissing(() => client.workflow.getHandle(runId).describe());
    return description === undefined ? undefined : toExecution(description);
  };

  return {
    async start(manifest: RunManifest): Promise<StartOutcome> {
      try {
        await bounded(() =>
          client.workflow.start(RUN_WORKFLOW, {
            workflowId: manifest.runId,
            taskQueue,
            args: [manifest],
            memo: { runAttempt: manifest.runAttempt },
            workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
            workflowIdConflictPolicy: 'FAIL',
            workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          }),
        );
        return { outcome: 'started' };
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        const existing = await describe(manifest.runId);
        const isOlder = existing !== undefined && existing.runAttempt < manifest.runAttempt;
        return isOlder
          ? { outcome: 'older_open', runAttempt: existing.runAttempt }
          : { outcome: 'already_started' };
      }
    },

    async signal(runId: string, { signal, payload }: RunMessage): Promise<boolean> {
      const sent = await unlessMissing(async () => {
        await client.workflow.getHandle(runId).signal(SIGNALS[signal], payload);
        return true;
      });
      return sent ?? false;
    },

    async cancel({ runId, runAttempt, executionId }): Promise<boolean> {
      const first = executionId ?? (await openExecution(describe, runId, runAttempt));
      if (first === undefined) return false;
      const asked = await unlessMissing(async () => {
        await client.workflow.getHandle(runId, undefined, { firstExecutionRunId: first }).cancel();
        return true;
      });
      return asked ?? false;
    },

    async awaitClosed(runId: string, runAttempt: number, timeoutMs: number): Promise<boolean> {
      const end = Date.now() + timeoutMs;
      for (;;) {
        const execution = await describe(runId);
        if (execution === undefined || !execution.open || execution.runAttempt > runAttempt) return true;
        if (Date.now() >= end || !(await closesBefore(client, runId, execution.executionId, end)))
          return false;
      }
    },

    describe,

    async progress(runId: string): Promise<RunProgress | undefined> {
      return await unlessMissing(
        () => client.workflow.getHandle(runId).query<RunProgress>(PROGRESS_QUERY),
        QUERY_MS,
      );
    },
  };
}

async function openExecution(
  describe: (runId: string) => Promise<ExecutionDescription | undefined>,
  runId: string,
  runAttempt: number,
): Promise<string | undefined> {
  const execution = await describe(runId);
  return execution?.open === true && execution.runAttempt === runAttempt ? execution.executionId : undefined;
}

/** Long-polls until the chain that began with `executionId` has closed, however it ended; false at `end`. */
async function closesBefore(
  client: Client,
  runId: string,
  executionId: string,
  end: number,
): Promise<boolean> {
  try {
    const handle = client.workflow.getHandle(runId, undefined, { firstExecutionRunId: executionId });
    await client.withDeadline(end, () => handle.result());
    return true;
  } catch (error) {
    if (error instanceof WorkflowFailedError || isNotFound(error)) return true;
    if (Date.now() >= end) return false;
    throw engineUnavailable(error);
  }
}

function toExecution(description: WorkflowExecutionDescription): ExecutionDescription {
  const { runAttempt } = (description.memo ?? {}) as { runAttempt?: number };
  return {
    open: description.status.name === 'RUNNING',
    executionId: description.raw.workflowExecutionInfo?.firstRunId ?? description.runId,
    runAttempt: runAttempt ?? 0,
  };
}
