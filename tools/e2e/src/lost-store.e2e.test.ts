import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { createProcessGroup, startRedis, testRedisProgram, waitUntil, type Server } from '@loom/dev-stack';
import { announceFleet, client, completes, type Fleet } from './fleet';
import { startLedgerMigrator, type LedgerMigrator } from './ledger-migrator';
import { startSmallLoom, type SmallLoom } from './small-loom';

/** A tick, the lag of Temporal's list, the rebuild; the rest is a loaded machine's. */
const RECOVERED_MS = 150_000;
const shape = { migrationId: `lost-${randomUUID().slice(0, 8)}`, size: 4, steps: 2 };

const group = createProcessGroup();
let redis: Server;
let loom: SmallLoom;
let migrator: LedgerMigrator;
const { report, refused } = completes(() => loom.apis);

beforeAll(async () => {
  redis = await startRedis({
    group,
    program: testRedisProgram(),
    directory: group.temporaryDirectory('loom-redis-'),
  });
  const env = { REDIS_ADDR: `127.0.0.1:${redis.port}` };
  [loom, migrator] = await Promise.all([startSmallLoom({ apis: 1, env }), startLedgerMigrator()]);
}, 180_000);

afterAll(async () => {
  await loom.stop();
  await Promise.all([migrator.close(), group.stopAll()]);
});

const url = (path: string): string => `${loom.apis[0] ?? ''}${path}`;
const post = async (path: string, body: object = {}) => {
  const answer = await fetch(url(path), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const start = (cid: string) => post(`/migrations/${shape.migrationId}/candidates/${cid}/start`);
const candidate = (cid: string) =>
  client(loom.apis[0]).candidates.getCandidate({ id: shape.migrationId, cid });
const until = (what: string, cid: string, status: string) =>
  waitUntil(what, async () => (await candidate(cid)).status === status, {
    timeoutMs: RECOVERED_MS,
    everyMs: 250,
  });

/** The dispatch of one step, as soon as it has come. */
async function dispatched(candidateId: string, stepIndex: number) {
  const find = () =>
    migrator.ledger.find((one) => one.candidateId === candidateId && one.stepIndex === stepIndex);
  await waitUntil('a dispatch', () => Promise.resolve(find() !== undefined), { timeoutMs: 60_000 });
  const found = find();
  if (found === undefined) throw new Error('no dispatch');
  return found;
}

/** c-0 waits for its first report, c-1 is completed, c-2 cancelled, c-3 never started. */
async function beginFleet(): Promise<Fleet> {
  const fleet = await announceFleet(loom.apis[0], migrator, shape);
  for (const id of ['c-0', 'c-1', 'c-2'])
    expect(await start(id)).toMatchObject({ status: 202, body: { attempt: 1 } });
  for (const step of [0, 1]) report(await dispatched('c-1', step));
  await until('the completion', 'c-1', 'completed');
  await dispatched('c-2', 0);
  await fetch(url(`/migrations/${shape.migrationId}/candidates/c-2/cancel`), { method: 'POST' });
  await until('the cancel', 'c-2', 'not_started');
  await dispatched('c-0', 0);
  return fleet;
}

it('a store that was flushed gets back what Temporal proves, and numbers no attempt twice', async () => {
  await beginFleet();
  const db = new Redis({ host: '127.0.0.1', port: redis.port });
  await db.flushall();
  db.disconnect();

  await announceFleet(loom.apis[0], migrator, shape);
  for (const id of ['c-1', 'c-3'])
    expect(await start(id)).toMatchObject({ status: 503, body: { code: 'dependency_unavailable' } });

  await until('the run that waits', 'c-0', 'running');
  await until('the completed one', 'c-1', 'completed');
  const isDone = async () => {
    const answer = await fetch(url('/admin/reconcile'));
    const { store, lostAt, waiting } = (await answer.json()) as Record<string, unknown>;
    return store === 'sound' && typeof lostAt === 'string' && waiting === 0;
  };
  await waitUntil('the rebuild', isDone, { timeoutMs: RECOVERED_MS, everyMs: 250 });

  // The ids that the migrator got before the loss.
  report(await dispatched('c-0', 0));
  report(await dispatched('c-0', 1));
  await until('the end of the run that waited', 'c-0', 'completed');
  expect(refused).toEqual([]);
  expect(await start('c-2')).toMatchObject({ status: 202, body: { attempt: 2 } });

  expect(await start('c-3')).toMatchObject({ status: 409, body: { code: 'attempt_unknown' } });
  const accepted = await post('/admin/recovery/accept', { migrationId: shape.migrationId, firstAttempt: 50 });
  expect(accepted).toMatchObject({ status: 200, body: { migrations: 1 } });
  expect(await start('c-3')).toMatchObject({ status: 202, body: { attempt: 50 } });

  const keys = migrator.ledger.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);

  const asked = await post('/admin/reconcile');
  expect([200, 202]).toContain(asked.status);
  const ended = async () => {
    const answer = await fetch(url(`/admin/reconcile/${String(asked.body['id'])}`));
    return ((await answer.json()) as { status: string }).status === 'completed';
  };
  await waitUntil('the reconciliation', ended, { timeoutMs: RECOVERED_MS, everyMs: 250 });
}, 400_000);
