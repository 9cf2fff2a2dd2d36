import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { waitUntil } from '@loom/dev-stack';
import { allCompleted, announceFleet, client, completes, effects, startAll, type Fleet } from './fleet';
import { keepAliveClient, type Answer, type KeepAliveClient } from './keep-alive-client';
import { startLedgerMigrator, type LedgerMigrator } from './ledger-migrator';
import { startSmallLoom, type SmallLoom } from './small-loom';

/** Half a minute and less is what orchestrators give a container; the api's own limit is 20 s. */
const GRACE_MS = 20_000;
const CLIENTS_OF_A_KIND = 20;
const STARTS_OF_A_CLIENT = 100;
/** Of each client, before the SIGTERM and again after the old replica has gone. */
const ANSWERS = 5;

let loom: SmallLoom;
let migrator: LedgerMigrator;

beforeAll(async () => {
  loom = await startSmallLoom({ apis: 2 });
}, 120_000);

afterEach(() => migrator.close());

afterAll(async () => {
  await loom.stop();
});

/** What one client does, again and again, and the statuses that it may be answered. */
type Ask = (client: KeepAliveClient) => Promise<Answer>;

async function play(ask: Ask, answers: Answer[], over: AbortSignal, all: KeepAliveClient[]): Promise<void> {
  const one = keepAliveClient(loom.apis);
  all.push(one);
  while (!over.aborted) answers.push(await ask(one));
  one.close();
}

async function openStream(path: string): Promise<{ opened: IncomingMessage; ended: Promise<string> }> {
  const opened = await new Promise<IncomingMessage>((settle, reject) => {
    get(`${loom.apis[0] ?? ''}${path}`, { agent: false }, settle).on('error', reject);
  });
  const ended = new Promise<string>((settle) => {
    opened.on('end', () => {
      settle('ended');
    });
    opened.on('error', (error) => {
      settle(String(error));
    });
    opened.resume();
  });
  return { opened, ended };
}

it('an api that is told to stop answers every request it took, while another replica takes over', async () => {
  migrator = await startLedgerMigrator();
  const starters = Array.from({ length: CLIENTS_OF_A_KIND }, (_, i) => i);
  const migrationId = `stop-api-${randomUUID().slice(0, 8)}`;
  const size = CLIENTS_OF_A_KIND * (STARTS_OF_A_CLIENT + 1);
  const fleet = await announceFleet(loom.apis[1], migrator, { migrationId, size, steps: 1 });
  // The first of them wait at their migrator, so that events about them can be sent.
  const waiting: Fleet = { ...fleet, candidateIds: fleet.candidateIds.slice(0, CLIENTS_OF_A_KIND) };
  const fresh = fleet.candidateIds.slice(CLIENTS_OF_A_KIND);
  await startAll(loom.apis[1], waiting);
  const dispatched = (ids: string[]) => async () =>
    Promise.resolve(ids.every((id) => migrator.newest(id) !== undefined));
  await waitUntil('first dispatches', dispatched(waiting.candidateIds), { timeoutMs: 60_000 });
  const stream = await openStream(`/migrations/${migrationId}/events`);
  expect(stream.opened.statusCode).toBe(200);

  const base = `/migrations/${migrationId}/candidates`;
  const list: Ask = (one) => one.ask('GET', `${base}?limit=50`);
  const accepted: string[] = [];
  const start = (own: string[]): Ask => {
    return async (one) => {
      const candidateId = own.shift();
      if (candidateId === undefined) return await list(one);
      const answer = await one.ask('POST', `${base}/${candidateId}/start`);
      if (answer.status === 202) accepted.push(candidateId);
      return answer;
    };
  };
  const event = (candidateId: string): Ask => {
    const { callbackId = '', stepName = '' } = migrator.newest(candidateId) ?? {};
    const body = { stepName, candidateId, status: 'open' };
    return (one) => one.ask('POST', `/event/${encodeURIComponent(callbackId)}`, body);
  };
  const asks = [
    ...starters.map((i) => start(fresh.slice(i * STARTS_OF_A_CLIENT, (i + 1) * STARTS_OF_A_CLIENT))),
    ...starters.map(() => list),
    ...waiting.candidateIds.map(event),
  ];
  const over = new AbortController();
  const clients: KeepAliveClient[] = [];
  const answers = asks.map((): Answer[] => []);
  const lost: string[] = [];
  const playing = Promise.all(
    asks.map((ask, i) =>
      play(ask, answers[i] ?? [], over.signal, clients).catch((error: unknown) => {
        lost.push(`client ${i}, after ${answers[i]?.length ?? 0} answers: ${String(error)}`);
      }),
    ),
  );
  const eachGot = (from: string | undefined) => async () =>
    Promise.resolve(answers.every((some) => some.filter((one) => one.from === from).length >= ANSWERS));
  await waitUntil('answers of the first replica', eachGot(loom.apis[0]), { timeoutMs: 60_000, everyMs: 1 });

  const inFlight = clients.filter((one) => one.asking()).length;
  const at = performance.now();
  const code = await loom.stopApi(0);
  const tookMs = performance.now() - at;
  // A client whose answer was lost has stopped, and gets no more: what it met says more than the time limit.
  const tookOver = async () => lost.length > 0 || (await eachGot(loom.apis[1])());
  await waitUntil('answers of the second replica', tookOver, { timeoutMs: 60_000 });
  over.abort();
  await playing;

  expect(lost).toEqual([]);
  expect(inFlight).toBeGreaterThanOrEqual(50);
  expect(code).toBe(0);
  expect(tookMs).toBeLessThan(GRACE_MS);
  expect(await stream.ended).toBe('ended');
  const others = answers.flat().filter(({ status }) => status !== 200 && status !== 202);
  expect(others).toEqual([]);
  // An answer is a promise: every start that was accepted, by either replica, reaches its migrator.
  expect(accepted.length).toBeGreaterThan(CLIENTS_OF_A_KIND);
  await waitUntil('dispatches of accepted starts', dispatched(accepted), { timeoutMs: 90_000 });
  const { counts } = await client(loom.apis[1]).migrations.getMigration({ id: migrationId });
  expect(counts.running).toBe(accepted.length + CLIENTS_OF_A_KIND);

  await loom.startApi(0);
});

it('a worker that is told to stop loses no run: the next one goes on where it was', async () => {
  const { report, refused } = completes(() => loom.apis);
  const size = 60;
  const steps = 5;
  // Nobody reports a last step before the worker is back, so that no run can end before it is told to stop.
  const worker = new EventEmitter();
  const whenBack = once(worker, 'back');
  const whenTold = once(worker, 'told to stop');
  migrator = await startLedgerMigrator({
    answerAfterMs: 300,
    // However slow the machine is: many dispatches are under way when it is told.
    answerWhen: ({ stepIndex }) => (stepIndex === 1 ? whenTold : Promise.resolve()),
    onAnswered: (posted) => {
      if (posted.stepIndex < steps - 1) report(posted);
      else void whenBack.then(() => report(posted));
    },
  });
  const migrationId = `stop-worker-${randomUUID().slice(0, 8)}`;
  const fleet = await announceFleet(loom.apis[1], migrator, { migrationId, size, steps });
  const starting = startAll(loom.apis[1], fleet);
  const busy = async () => Promise.resolve(migrator.answering() >= 20);
  await waitUntil('dispatches in flight', busy, { timeoutMs: 60_000, everyMs: 1 });

  const stopping = loom.stopWorker();
  worker.emit('told to stop');
  const code = await stopping;
  await starting;
  const halted = await client(loom.apis[1]).migrations.getMigration({ id: migrationId });
  await loom.startWorker();
  worker.emit('back');
  await allCompleted(loom.apis[1], fleet);

  expect(code).toBe(0);
  expect(halted.counts.running).toBe(size);
  expect(halted.counts.attention).toBe(0);
  expect(refused).toEqual([]);
  const { expected, seen } = effects(migrator, fleet);
  expect(seen).toEqual(expected);
});
