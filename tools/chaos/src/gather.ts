import { Redis } from 'ioredis';
import { Client, Connection } from '@temporalio/client';
import { createLoomClient, type LoomClient } from '@loom/api-types';
import { waitUntil } from '@loom/dev-stack';
import type { Campaign } from './campaign';
import type { Evidence, Execution, ShownRun } from './oracle/evidence';
import type { LedgerEntry } from './oracle/ledger';
import type { World } from './world/world';

const AT_ONCE = 16;
const STATUSES = ['not_started', 'queued', 'running', 'completed'] as const;

/** Waits until each promised run has ended; false when `timeoutMs` passed first. */
export async function settled(world: World, campaign: Campaign, timeoutMs: number): Promise<boolean> {
  const client = createLoomClient({ baseUrl: world.apis[0].url });
  const done = async (): Promise<boolean> => {
    const { counts } = await client.migrations.getMigration({ id: campaign.migrationId });
    return counts.completed >= campaign.promised.size && counts.running === 0;
  };
  return await waitUntil('the end', done, { timeoutMs, everyMs: 250 }).then(
    () => true,
    () => false,
  );
}

/** All that is known of a campaign, from all three sides; `answers` to reports are right besides 202 and 503. */
export async function gather(
  world: World,
  campaign: Campaign,
  answers: readonly number[] = [],
): Promise<Evidence> {
  const { migrationId, promised } = campaign;
  const prefix = `${migrationId}__`;
  const all = await world.migrator.ledger();
  const ledger = all.filter(({ key }) => key.startsWith(prefix));
  const client = createLoomClient({ baseUrl: world.apis[0].url });
  const rows = await candidates(client, migrationId);
  const shown = await each([...rows], async ([candidateId, row]): Promise<ShownRun> => {
    const runId = prefix + candidateId;
    const steps = row.run === undefined ? [] : await stepsOf(client, migrationId, candidateId);
    return { runId, status: row.status, runAttempt: row.run?.attempt, steps };
  });
  const executions = await executionsOf(world, prefix);
  const wrong = [
    ...campaign.wrong,
    ...refusedReports(ledger, answers),
    ...(await countsAgainstScan(
      client,
      migrationId,
      [...rows.values()].map(({ status }) => status),
    )),
    ...(await indexesAgainstCounts(world, migrationId)),
  ];
  return { promised: [...promised.values()], ledger, shown, executions, wrong };
}

async function candidates(client: LoomClient, id: string) {
  const rows = new Map<string, Awaited<ReturnType<LoomClient['candidates']['getCandidate']>>>();
  for (let cursor: string | undefined; ;) {
    const page = await client.candidates.listCandidates({
      id,
      limit: 1000,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const row of page.candidates) rows.set(row.id, row);
    if (page.nextCursor === undefined) return rows;
    cursor = page.nextCursor;
  }
}

async function stepsOf(client: LoomClient, id: string, cid: string): Promise<ShownRun['steps']> {
  const { steps } = await client.runs.getSteps({ id, cid });
  return steps;
}

async function executionsOf({ temporal }: World, prefix: string): Promise<Execution[]> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const { workflow } = new Client({ connection });
    const found: Omit<Execution, 'failedTasks'>[] = [];
    for await (const one of workflow.list({ query: `WorkflowId STARTS_WITH "${prefix}"` }))
      found.push({ runId: one.workflowId, executionId: one.runId, status: one.status.name });
    return await each(found, async (one) => {
      const { events } = await workflow.getHandle(one.runId, one.executionId).fetchHistory();
      const failed = (events ?? []).flatMap(({ workflowTaskFailedEventAttributes: task }) => task ?? []);
      return { ...one, failedTasks: failed.map(({ cause, failure }) => causeName(cause, failure?.message)) };
    });
  } finally {
    await connection.close();
  }
}

/** Of `temporal.api.enums.v1.WorkflowTaskFailedCause`, the one that is no defect; others are told by their text. */
const UNHANDLED_COMMAND = 1;

function causeName(cause: unknown, message: string | null | undefined): string {
  return cause === UNHANDLED_COMMAND ? 'UNHANDLED_COMMAND' : `${String(cause)}: ${message ?? ''}`;
}

/** Reports of what was really done are taken, whatever happens on the way: 202, or no answer and then 202. */
function refusedReports(ledger: readonly LedgerEntry[], answers: readonly number[]): string[] {
  return ledger.flatMap((entry) => {
    if (entry.kind !== 'report') return [];
    const allowed = entry.stray ? [0, 202, 401, 404, 409, 503] : [0, 202, 503, ...answers];
    return allowed.includes(entry.status)
      ? []
      : [`${entry.key}: the report of ${entry.said} was answered ${entry.status}`];
  });
}

async function countsAgainstScan(
  client: LoomClient,
  id: string,
  scanned: readonly string[],
): Promise<string[]> {
  const { counts } = await client.migrations.getMigration({ id });
  const wrong: string[] = [];
  for (const status of STATUSES) {
    const seen = scanned.filter((one) => one === status).length;
    const { total } = await client.candidates.listCandidates({ id, status: [status], limit: 1 });
    if (counts[status] !== seen || total !== seen)
      wrong.push(`${status}: ${seen} in a scan, ${counts[status]} counted, ${total} by the index`);
  }
  return wrong;
}

/** Indexes in which nothing may be left when every run has ended. */
const WAITING = {
  un: 'reservations wait for their repair',
  pc: 'cancels wait for their repair',
  'si:in_progress': 'runs wait for a migrator',
  'si:open': 'runs wait for a migrator that has begun',
  att: 'candidates wait for a person',
  'at:step_failed': 'candidates wait for a retry',
  'at:awaiting_review': 'candidates wait for a review',
  'at:stale': 'candidates are stale',
};

/** The store's own counters against its sets and bitmaps; and nothing waits any more. */
async function indexesAgainstCounts({ redis: server }: World, id: string): Promise<string[]> {
  const redis = new Redis({ host: server.host, port: server.port });
  const key = (name: string): string => `loom:{${id}}:${name}`;
  try {
    const wrong: string[] = [];
    for (const status of STATUSES) {
      const [counted, bits, members] = await Promise.all([
        redis.hget(key('m'), `n:s=${status}`),
        redis.bitcount(key(`b:s=${status}`)),
        redis.zcard(key(`x:s=${status}`)),
      ]);
      const hasSet = status !== 'not_started';
      if (Number(counted) !== bits || (hasSet && members !== bits))
        wrong.push(`index of ${status}: ${counted ?? 0} counted, ${bits} bits, ${members} members`);
    }
    for (const [name, what] of Object.entries(WAITING)) {
      const waiting = await redis.zcard(key(name));
      if (waiting > 0) wrong.push(`${waiting} ${what}`);
    }
    return wrong;
  } finally {
    redis.disconnect();
  }
}

async function each<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const left = [...all.entries()];
  const results: R[] = [];
  const run = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
  return results;
}
