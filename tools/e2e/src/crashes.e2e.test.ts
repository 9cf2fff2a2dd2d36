import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { startBlackHole, waitUntil } from '@loom/dev-stack';
import { allCompleted, announceFleet, client, completes, effects, startAll, type Fleet } from './fleet';
import { startLedgerMigrator, type LedgerMigrator } from './ledger-migrator';
import { startSmallLoom, type OddApi, type SmallLoom } from './small-loom';

/** The reconciliation leaves a reservation and a cancel half a minute; the rest is a loaded machine's. */
const RECONCILED_MS = 150_000;
const name = (what: string): string => `${what}-${randomUUID().slice(0, 8)}`;

let loom: SmallLoom;
const { report, refused } = completes(() => loom.apis);
let blackHole: Awaited<ReturnType<typeof startBlackHole>>;
let odd: OddApi;
let prompt: LedgerMigrator;
let silent: LedgerMigrator;
let slow: LedgerMigrator;
const worker = new EventEmitter();
const whenKilled = once(worker, 'killed');
let reserved: Fleet;
let cancelled: Fleet;
/** What the api whose Temporal never answers said. */
let toStart: Response;
let toCancel: Response;

// What has to grow old does so at the same time, and while the worker is killed.
beforeAll(async () => {
  [loom, blackHole, prompt, silent, slow] = await Promise.all([
    startSmallLoom({ apis: 1 }),
    startBlackHole(),
    startLedgerMigrator({ answerAfterMs: 100, onAnswered: report }),
    startLedgerMigrator(),
    // However slow the machine is: dispatches of a second step are under way when the worker is killed.
    startLedgerMigrator({
      answerWhen: ({ stepIndex }) => (stepIndex === 1 ? whenKilled : Promise.resolve()),
      onAnswered: report,
    }),
  ]);
  odd = await loom.startOddApi({ TEMPORAL_HOSTPORT: blackHole.address });
  [reserved, cancelled] = await Promise.all([
    announceFleet(loom.apis[0], prompt, { migrationId: name('reserved'), size: 2, steps: 2 }),
    announceFleet(loom.apis[0], silent, { migrationId: name('cancelled'), size: 1, steps: 2 }),
  ]);
  await startAll(loom.apis[0], cancelled);
  const dispatched = async () => Promise.resolve(silent.newest('c-0') !== undefined);
  await waitUntil('a dispatch', dispatched, { timeoutMs: 60_000 });
  [toStart, toCancel] = await Promise.all([ask(reserved, 'c-0', 'start'), ask(cancelled, 'c-0', 'cancel')]);
  await reserveAndDie();
}, 180_000);

afterAll(async () => {
  await loom.stop();
  await Promise.all([prompt.close(), silent.close(), slow.close(), blackHole.close()]);
});

const ask = (fleet: Fleet, candidateId: string, what: 'start' | 'cancel'): Promise<Response> =>
  fetch(`${odd.url}/migrations/${fleet.migrationId}/candidates/${candidateId}/${what}`, { method: 'POST' });

const candidate = (fleet: Fleet, cid: string) =>
  client(loom.apis[0]).candidates.getCandidate({ id: fleet.migrationId, cid });

/** The other candidate is reserved by an api that is killed before it can start the workflow, or answer. */
async function reserveAndDie(): Promise<void> {
  const answer = ask(reserved, 'c-1', 'start').then(
    ({ status }) => status,
    () => 'lost',
  );
  const isReserved = async () => (await candidate(reserved, 'c-1')).status === 'running';
  await waitUntil('the reservation', isReserved, { timeoutMs: 30_000, everyMs: 10 });
  await odd.kill();
  expect(await answer).toBe('lost');
}

it('a worker killed in the middle of dispatches costs nothing but time', async () => {
  const fleet = await announceFleet(loom.apis[0], slow, {
    migrationId: name('killed'),
    size: 40,
    steps: 3,
  });
  await startAll(loom.apis[0], fleet);
  const busy = async () => Promise.resolve(slow.answering() >= 10);
  await waitUntil('dispatches in flight', busy, { timeoutMs: 60_000, everyMs: 1 });
  await loom.bounceWorker();
  worker.emit('killed');
  await allCompleted(loom.apis[0], fleet);

  const { expected, seen } = effects(slow, fleet);
  expect(seen).toEqual(expected);
});

it('a reservation that no workflow took up is started by the scheduled reconciliation', async () => {
  expect(toStart.status).toBe(503);
  expect(Number(toStart.headers.get('retry-after'))).toBeGreaterThan(0);
  await allCompleted(loom.apis[0], reserved, RECONCILED_MS);

  const { expected, seen } = effects(prompt, reserved);
  expect(seen).toEqual(expected);
});

it('a cancel that Temporal never heard of is asked again by the scheduled reconciliation', async () => {
  // It is recorded, and so final; that it could not be asked for is no news for the caller.
  expect(toCancel.status).toBe(204);
  const settled = async () => (await candidate(cancelled, 'c-0')).status === 'not_started';
  await waitUntil('the cancel', settled, { timeoutMs: RECONCILED_MS, everyMs: 250 });

  const { cancelledAttempts } = await client(loom.apis[0]).runs.listCancelledAttempts({
    id: cancelled.migrationId,
  });
  expect(cancelledAttempts.map(({ candidateId, attempt }) => [candidateId, attempt])).toEqual([['c-0', 1]]);
  expect(silent.cancels).toContainEqual({ runId: `${cancelled.migrationId}__c-0`, runAttempt: 1 });
});

it('no event of a migrator was refused in all this', () => {
  expect(refused).toEqual([]);
});
