import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { DependencyUnavailableError, PROGRESS_QUERY, RUN_WORKFLOW } from '@loom/domain';
import type { RunManifest, RunProgress } from '@loom/domain';
import type { ExecutionEngine, StartOutcome } from '@loom/ports';
import { awaitClosed } from './await-closed';
import { bounded, boundedOr, CALL_MS, describeNewest, digestOf } from './temporal-calls';
import { createTurns } from './turns';

export interface TemporalEngineDeps {
  /** Of `connectTemporal`: its retry rules are what makes `certain` true. */
  client: Client;
  /** Which workers run the workflows. */
  taskQueue?: string;
}

export const TASK_QUEUE = 'loom';
/** Bound of one workflow task, and so of the recovery from a worker's death; below 2 s loaded machines repeat tasks. */
const WORKFLOW_TASK_TIMEOUT = '5s';
/** A query needs a worker, and only reconciliation and debugging ask. */
const QUERY_MS = 2000;
/** An execution may close between the refusal of a start and the look at it, each time that a start is repeated. */
const START_ROUNDS = 3;

/** The ExecutionEngine on Temporal: the run id is the workflow id, so that one open execution per run id is its rule. */
export function createTemporalEngine({
  client,
  taskQueue = TASK_QUEUE,
}: TemporalEngineDeps): ExecutionEngine {
  // Temporal prefers what comes from outside to its own work on a run: two senders that never pause would keep the
  // run from going on at all, for as long as they send.
  const turns = createTurns();
  return {
    start: (manifest) => start(client, taskQueue, manifest),

    signal: (runId, { signal, payload }) =>
      turns.take(runId, CALL_MS, (leftMs) =>
        boundedOr(client, leftMs, false, async () => {
          await client.workflow.getHandle(runId).signal(signal, payload);
          return true;
        }),
      ),

    async cancel({ runId, runAttempt, executionId }) {
      // A look first: Temporal takes a cancel of a closed execution without a word.
      const newest = await describeNewest(client, runId);
      if (newest?.open !== true || newest.runAttempt !== runAttempt) return false;
      if (executionId !== undefined && newest.executionId !== executionId) return false;
      // By its id, since a later attempt may take its place before the request arrives.
      const chain = { firstExecutionRunId: newest.executionId };
      return boundedOr(client, CALL_MS, false, async () => {
        await client.workflow.getHandle(runId, undefined, chain).cancel();
        return true;
      });
    },

    awaitClosed: (runId, runAttempt, timeoutMs) => awaitClosed(client, { runId, runAttempt, timeoutMs }),

    async describe(runId) {
      const newest = await describeNewest(client, runId);
      if (newest === undefined) return undefined;
      const { open, executionId, runAttempt } = newest;
      return { open, executionId, runAttempt };
    },

    progress: (runId) =>
      boundedOr(client, QUERY_MS, undefined, () =>
        client.workflow.getHandle(runId).query<RunProgress>(PROGRESS_QUERY),
      ),
  };
}

async function start(client: Client, taskQueue: string, manifest: RunManifest): Promise<StartOutcome> {
  const { runId, runAttempt } = manifest;
  const nonceDigest = digestOf(manifest.nonce);
  for (let round = 0; round < START_ROUNDS; round += 1) {
    if (await tryStart(client, taskQueue, manifest)) return { outcome: 'started' };
    const newest = await describeNewest(client, runId);
    if (newest === undefined) continue;
    // An execution of before there was a digest counts as ours.
    const isOurs = newest.runAttempt === runAttempt && (newest.nonceDigest ?? nonceDigest) === nonceDigest;
    if (isOurs) return { outcome: 'already_started' };
    if (!newest.open) continue;
    const outcome = newest.runAttempt < runAttempt ? 'older_open' : 'other_open';
    return { outcome, runAttempt: newest.runAttempt };
  }
  throw new DependencyUnavailableError(
    'engine',
    `Temporal: run ${runId} opens and closes too fast to be started`,
  );
}

/** False when an execution of this run id is open. A closed one of the same attempt does not hinder: its second life ends at its first act. */
async function tryStart(client: Client, taskQueue: string, manifest: RunManifest): Promise<boolean> {
  try {
    const options = {
      workflowId: manifest.runId,
      taskQueue,
      args: [manifest],
      memo: { runAttempt: manifest.runAttempt, nonceDigest: digestOf(manifest.nonce) },
      workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
      workflowIdConflictPolicy: 'FAIL',
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    } as const;
    // Decisive, since the connection repeats a start only after attempts that never left.
    await bounded(client, CALL_MS, () => client.workflow.start(RUN_WORKFLOW, options), true);
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}
