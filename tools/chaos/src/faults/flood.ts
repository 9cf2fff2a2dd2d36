import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { createLoomClient } from '@loom/api-types';
import { waitUntil } from '@loom/dev-stack';
import { startLedgerMigrator, type LedgerMigrator } from '@loom/e2e';
import type { Fault, Stage } from '../stage';

const EVENTS = 1_000;
/** After the first time: an execution takes in a dozen or two, and the next one needs some two seconds to begin. */
const FEWER_EVENTS = 200;
/** At once, without a pause: Temporal prefers them to the run's own work wherever it is let to. */
const SENDERS = 10;
/** As low as it goes: a run continues as new every dozen events. */
const CONTINUE_AS_NEW = '50';
const ANSWER_LIMIT_MS = 10_000;
const LIMIT_MS = 300_000;

/** One run under a flood, beside the campaign; each event carries a key of its own, so that each can be missed. */
const flood: Fault = {
  name: 'flood of events',
  what: `${EVENTS} events at one run by both replicas, then ${FEWER_EVENTS} each time; it continues as new every ${CONTINUE_AS_NEW} history events`,
  times: 10,
  env: { LOOM_CONTINUE_AS_NEW_EVENTS: CONTINUE_AS_NEW },
  async inject(stage, n) {
    const migrator = await startLedgerMigrator();
    try {
      return await floodOneRun(stage, migrator, n === 0 ? EVENTS : FEWER_EVENTS);
    } finally {
      await migrator.close();
    }
  },
};

async function floodOneRun(stage: Stage, migrator: LedgerMigrator, events: number): Promise<string> {
  const { world, wrong } = stage;
  const id = `flood-${randomUUID().slice(0, 8)}`;
  const client = createLoomClient({ baseUrl: world.apis[0].url });
  const steps = ['first', 'second'].map((name) => ({ name, migratorApp: id }));
  const migration = { id, name: id, description: '', migratorApp: id, migratorUrl: migrator.url, steps };
  await client.registry.announceMigration({ requestBody: { ...migration, candidates: [{ id: 'c-0' }] } });
  await client.runs.startCandidate({ id, cid: 'c-0' });
  await dispatched(migrator, 'first');

  const numbers = Array.from({ length: events }, (_, i) => i);
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      for (let i = numbers.shift(); i !== undefined; i = numbers.shift())
        await say(
          stage,
          migrator,
          { eventId: `e-${i}`, status: 'open', metadata: { [`e-${i}`]: 'here' } },
          { api: i % 2 },
        );
    }),
  );
  await say(stage, migrator, { eventId: 'done', status: 'completed' });
  await dispatched(migrator, 'second');
  // What was heard long before, and the end of the first step, once more: neither moves the second.
  await say(stage, migrator, { eventId: 'done', status: 'completed' }, { step: 'first' });
  await say(stage, migrator, { eventId: 'end', status: 'completed' });
  const ended = async (): Promise<boolean> =>
    (await client.candidates.getCandidate({ id, cid: 'c-0' })).status === 'completed';
  await waitUntil('the end of the flooded run', ended, { timeoutMs: LIMIT_MS });

  const [first] = (await client.runs.getSteps({ id, cid: 'c-0' })).steps;
  const heard = Object.keys(first?.metadata ?? {}).length;
  if (heard !== events) wrong(`${id}: ${heard} of ${events} events were heard`);
  const effects = new Set(migrator.ledger.map(({ key }) => key)).size;
  if (effects !== steps.length) wrong(`${id}: ${effects} effects of ${steps.length} steps`);
  const executions = await countExecutions(stage, `${id}__c-0`);
  if (executions < 2) wrong(`${id}: it never continued as new`);
  return `${events} events, ${executions} executions`;
}

async function dispatched(migrator: LedgerMigrator, stepName: string): Promise<void> {
  const here = (): Promise<boolean> => Promise.resolve(migrator.newest('c-0')?.stepName === stepName);
  await waitUntil(`the dispatch of ${stepName}`, here, { timeoutMs: LIMIT_MS });
}

interface Event {
  eventId: string;
  status: string;
  metadata?: Record<string, string>;
}

/** Until it is taken, by the replica of that number. */
async function say(
  { world, wrong }: Stage,
  migrator: LedgerMigrator,
  event: Event,
  { api = 0, step }: { api?: number; step?: string } = {},
): Promise<void> {
  const about = migrator.ledger.find(({ stepName }) => stepName === step) ?? migrator.newest('c-0');
  if (about === undefined) throw new Error('nothing was dispatched');
  const { callbackId, stepName, candidateId } = about;
  const { url } = world.apis[api === 0 ? 0 : 1];
  const post = async (): Promise<boolean> => {
    const answer = await fetch(`${url}/event/${encodeURIComponent(callbackId)}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ stepName, candidateId, ...event }),
      signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
    });
    await answer.body?.cancel();
    if (answer.status === 202) return true;
    if (answer.status !== 503) wrong(`${event.eventId} was answered ${answer.status}`);
    // As the contract asks: when a flood is too much, this is what slows it down.
    await pause(Number(answer.headers.get('retry-after') ?? 1) * 1000);
    return answer.status !== 503;
  };
  await waitUntil(`an answer to ${event.eventId}`, post, { timeoutMs: LIMIT_MS, everyMs: 200 });
}

async function countExecutions({ world }: Stage, runId: string): Promise<number> {
  const connection = await Connection.connect({ address: world.temporal.address });
  try {
    const { count } = await new Client({ connection }).workflow.count(`WorkflowId = "${runId}"`);
    return count;
  } finally {
    await connection.close();
  }
}

export const floods: readonly Fault[] = [flood];
