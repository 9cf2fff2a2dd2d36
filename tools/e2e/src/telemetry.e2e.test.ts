import { randomUUID } from 'node:crypto';
import { createProcessGroup, waitUntil } from '@loom/dev-stack';
import { client } from './fleet';
import { startLedgerMigrator, type LedgerMigrator, type Posted } from './ledger-migrator';
import { startSmallLoom, type SmallLoom } from './small-loom';
import { startTraceCollector, type SeenSpan, type TraceCollector } from './trace-collector';
import { startTraced, tracedTo, type TracedProgram } from './traced-programs';

const SOON = { timeoutMs: 30_000 };
const name = (what: string): string => `${what}-${randomUUID().slice(0, 8)}`;
/** A run continues as new after this many events. */
const EVENTS = 50;

const group = createProcessGroup();
let collector: TraceCollector;
let loom: SmallLoom;
let migrator: TracedProgram;
let ledger: LedgerMigrator;

beforeAll(async () => {
  [collector, ledger] = await Promise.all([startTraceCollector(), startLedgerMigrator()]);
  const env = {
    ...tracedTo(collector.url),
    LOOM_CALLBACK_KEYS: 'k1:canary-of-the-callback-keys',
    LOOM_CONTINUE_AS_NEW_EVENTS: String(EVENTS),
  };
  loom = await startSmallLoom({ apis: 1, env });
  // Without a forge: the step of the test needs none.
  migrator = await startTraced(group, 'sample-migrator', { ...env, LOOM_URL: loom.apis[0] ?? '' });
}, 120_000);

afterAll(async () => {
  await Promise.all([loom.stop(), group.stopAll(), ledger.close(), collector.close()]);
});

async function announce(migratorUrl: string, steps: { name: string; type?: string }[]): Promise<string> {
  const id = name('traced');
  await client(loom.apis[0]).registry.announceMigration({
    requestBody: {
      id,
      name: id,
      description: '',
      migratorApp: 'm',
      migratorUrl,
      requiredInputs: [{ name: 'note', label: 'Note' }],
      steps: steps.map((step) => ({ ...step, migratorApp: 'm' })),
      candidates: [{ id: 'c-0', metadata: { team: 'canary-of-metadata' } }],
    },
  });
  return id;
}

async function start(id: string): Promise<void> {
  const requestBody = { inputs: { note: 'canary-of-inputs' } };
  await client(loom.apis[0]).runs.startCandidate({ id, cid: 'c-0', requestBody });
}

/** The one span of that service and name which `under` caused; waits until it was sent. */
async function child(under: SeenSpan, service: string, spanName: string): Promise<SeenSpan> {
  const fits = (span: SeenSpan): boolean =>
    span.traceId === under.traceId && span.parentSpanId === under.spanId;
  const named = (span: SeenSpan): boolean => span.service === service && span.name === spanName;
  const found = (): SeenSpan | undefined => collector.spans.find((span) => fits(span) && named(span));
  await waitUntil(`${service} ${spanName}`, () => Promise.resolve(found() !== undefined), SOON);
  return found() as SeenSpan;
}

/** The span of a request to the api that came from outside of every trace. */
async function root(spanName: string, path: string): Promise<SeenSpan> {
  const found = (): SeenSpan | undefined =>
    collector.spans.find((span) => span.name === spanName && span.attributes['url.path'] === path);
  await waitUntil(spanName, () => Promise.resolve(found() !== undefined), SOON);
  return found() as SeenSpan;
}

const startSpan = (id: string): Promise<SeenSpan> =>
  root('POST /migrations/:id/candidates/:cid/start', `/migrations/${id}/candidates/c-0/start`);

/** Reports as a migrator that hands the trace on which it was dispatched in. */
async function report({ callbackId, stepName }: Posted, status: string, traceparent: string): Promise<void> {
  const answer = await fetch(`${loom.apis[0] ?? ''}/event/${encodeURIComponent(callbackId)}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent },
    body: JSON.stringify({
      stepName,
      candidateId: 'c-0',
      status,
      eventId: randomUUID(),
      reason: 'canary-of-reasons',
    }),
  });
  expect(answer.status).toBe(202);
}

it('a start, its run, the dispatch, what the migrator does, its callback and the signal are one trace', async () => {
  const id = await announce(`${migrator.url}?token=canary-of-urls`, [
    { name: 'look', type: 'manual-review' },
  ]);
  await start(id);

  const started = await child(await startSpan(id), 'api', 'StartWorkflow:MigrationOrchestrator');
  const run = await child(started, 'orchestrator-worker', 'RunWorkflow:MigrationOrchestrator');
  const activity = await child(run, 'orchestrator-worker', 'RunActivity:dispatchStep');
  const sent = await child(activity, 'orchestrator-worker', 'POST');
  const taken = await child(sent, 'sample-migrator', 'POST /dispatch-step');
  await child(taken, 'sample-migrator', 'execute step');
  const delivery = await child(taken, 'sample-migrator', 'deliver event');
  const reported = await child(delivery, 'sample-migrator', 'POST');
  const raised = await child(reported, 'api', 'POST /event/:callbackId');
  await child(raised, 'api', 'SignalWorkflow:stepEvent');
  expect(reported.attributes['url.path']).toBe('/event/[redacted]');
  expect(raised.attributes['url.path']).toBe('/event/[redacted]');
});

it('a run that continues as new stays in its trace', async () => {
  const id = await announce(ledger.url, [{ name: 'first' }, { name: 'second' }]);
  await start(id);
  await waitUntil('the dispatch', () => Promise.resolve(ledger.newest('c-0') !== undefined), SOON);
  const dispatched = ledger.newest('c-0') as Posted;
  const began = await startSpan(id);
  const traceparent = `00-${began.traceId}-${began.spanId}-01`;
  const executions = (): SeenSpan[] =>
    collector.spans.filter(
      ({ name, traceId }) => name.startsWith('RunWorkflow') && traceId === began.traceId,
    );
  for (let n = 0; executions().length < 2 && n < EVENTS; n += 1) {
    await report(dispatched, n % 2 === 0 ? 'open' : 'awaiting_review', traceparent);
  }
  await waitUntil('a second execution', () => Promise.resolve(executions().length >= 2), SOON);
  await report(dispatched, 'completed', traceparent);

  const [first, second] = executions() as [SeenSpan, SeenSpan];
  expect(second.parentSpanId).toBe(first.spanId);
  const last = executions().at(-1) as SeenSpan;
  await child(last, 'orchestrator-worker', 'RunActivity:dispatchStep');
});

it('no secret, no input and no query left with a span, and callback ids nowhere', () => {
  const callbackId = (ledger.newest('c-0') as Posted).callbackId;
  const [, mac = ''] = /~([^~]+)$/.exec(callbackId) ?? [];
  expect(mac.length).toBeGreaterThan(20);
  const sent = collector.text();
  expect(sent).toContain('/event/[redacted]');
  expect(sent).not.toContain(mac);
  expect(sent).not.toContain('canary');
  expect(sent).not.toMatch(/(?:~|%7e)k1(?:~|%7e)/i);
});

it('a log line names the span in which it was written', async () => {
  const api = await startTraced(group, 'api', tracedTo(collector.url));
  await client(api.url).migrations.listMigrations({});
  const found = (): SeenSpan | undefined => collector.spans.find(({ name }) => name === 'GET /migrations');
  await waitUntil('the span', () => Promise.resolve(found() !== undefined), SOON);
  const line = api.lines.find(({ message, route }) => message === 'request' && route === '/migrations');
  expect(line).toMatchObject({ trace_id: found()?.traceId, span_id: found()?.spanId });
});
