import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { RUN_WORKFLOW, type RunManifest } from '@loom/domain';
import type { ExecutionCatalog, ExecutionStatus, ListedExecution } from '@loom/ports';
import { isNotFound } from './engine-errors';
import { bounded, CALL_MS, describeNewest, digestOf } from './temporal-calls';
import { TASK_QUEUE } from './temporal-engine';

/** Statuses of Temporal by their numbers on the wire; others are not of a newest execution. */
const STATUSES: Readonly<Record<number, ExecutionStatus>> = {
  1: 'open',
  2: 'completed',
  3: 'failed',
  4: 'cancelled',
  5: 'terminated',
  7: 'timed_out',
};

/** The ExecutionCatalog on Temporal: lists come from its visibility, everything else from the executions themselves. */
export function createExecutionCatalog({
  client,
  taskQueue = TASK_QUEUE,
}: {
  client: Client;
  taskQueue?: string;
}): ExecutionCatalog {
  const { namespace } = client.options;
  const listed = (query: string, pageSize: number, cursor = '') =>
    bounded(client, CALL_MS, () =>
      client.workflowService.listWorkflowExecutions({
        namespace,
        query,
        pageSize,
        nextPageToken: Buffer.from(cursor, 'base64'),
      }),
    );
  return {
    async list({ only, limit, cursor }) {
      const ours = `WorkflowType = '${RUN_WORKFLOW}' AND TaskQueue = '${taskQueue}'`;
      const query = only === 'open' ? `${ours} AND ExecutionStatus = 'Running'` : ours;
      const page = await listed(query, limit, cursor);
      const next = Buffer.from(page.nextPageToken).toString('base64');
      const executions = page.executions.flatMap((one) =>
        listedIn(one.execution?.workflowId, one.memo?.fields, STATUSES[one.status ?? 0] === 'open'),
      );
      return next === '' ? { executions } : { executions, nextCursor: next };
    },

    async openAmong(runIds) {
      if (runIds.length === 0) return new Set();
      const ids = runIds.map((id) => `'${id}'`).join(', ');
      const page = await listed(`WorkflowId IN (${ids}) AND ExecutionStatus = 'Running'`, runIds.length);
      return new Set(page.executions.flatMap(({ execution }) => execution?.workflowId ?? []));
    },

    async look(runId, nonce) {
      const newest = await describeNewest(client, runId);
      if (newest === undefined) return undefined;
      const { open, executionId, runAttempt, startedAt, nonceDigest } = newest;
      const status = open ? 'open' : (STATUSES[newest.statusCode] ?? 'failed');
      const isForeign = nonce !== undefined && nonceDigest !== undefined && digestOf(nonce) !== nonceDigest;
      return { open, executionId, runAttempt, startedAt, status, isForeign };
    },

    async startedWith(runId) {
      try {
        const { history } = await bounded(client, CALL_MS, () =>
          client.workflowService.getWorkflowExecutionHistory({
            namespace,
            execution: { workflowId: runId },
            maximumPageSize: 1,
          }),
        );
        const started = history?.events?.[0]?.workflowExecutionStartedEventAttributes;
        const [input] = started?.input?.payloads ?? [];
        return input == null ? undefined : defaultPayloadConverter.fromPayload<RunManifest>(input);
      } catch (error) {
        if (isNotFound(error instanceof Error && error.cause !== undefined ? error.cause : error))
          return undefined;
        throw error;
      }
    },
  };
}

type Memo = Parameters<typeof defaultPayloadConverter.fromPayload>[0];

function listedIn(
  runId: string | null | undefined,
  memo: Readonly<Record<string, Memo>> | null | undefined,
  isOpen: boolean,
): ListedExecution[] {
  const number = memo?.['runAttempt'];
  if (typeof runId !== 'string' || number === undefined) return [];
  const runAttempt = defaultPayloadConverter.fromPayload(number);
  return typeof runAttempt === 'number' ? [{ runId, runAttempt, isOpen }] : [];
}
