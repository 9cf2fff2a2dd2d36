import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Stores } from '@loom/ports';
import { MemoryLogger } from '@loom/ports/memory';
import { connectRedis } from './connect-redis';
import { createRedisStores, type RedisStores } from './create-redis-stores';
import type { RedisClient } from './guard';
import { createKeys } from './keys';
import { removeKeys, testCluster, testRedis } from './testing/real-redis';

const AT = '2026-01-01T00:00:00.000Z';
const MIGRATIONS = ['m0', 'm1', 'm2', 'm3', 'm4'];
const EACH = 10;
const MOST = 7;
const definition = { name: '', description: '', migratorApp: 'a', migratorUrl: 'http://a', steps: [] };

interface Target {
  migrationId: string;
  candidateId: string;
}

const TARGETS = MIGRATIONS.flatMap((migrationId) =>
  Array.from({ length: EACH }, (_, index): Target => ({ migrationId, candidateId: `c${index}` })),
);

/** Starts `target`, as one api does that knows nothing against it. */
async function reserveWith(stores: Stores, { migrationId, candidateId }: Target) {
  const snapshot = await stores.reader.snapshot(migrationId, candidateId);
  const run = { runId: `${migrationId}__${candidateId}`, migrationId, candidate: { id: candidateId } };
  return stores.runs.reserve({
    manifest: { ...run, steps: [], inputs: {}, nonce: randomUUID(), reservedAt: AT },
    definitionRevision: 1,
    candidateVersion: snapshot?.version ?? 'unknown',
    from: 'not_started_or_queued',
  });
}

/** True when `target` was reserved. */
async function reserve(stores: Stores, target: Target): Promise<boolean> {
  return (await reserveWith(stores, target)).outcome === 'reserved';
}

/** Ends the run of `target`, if it has one: completed it would never run again. */
async function end(stores: Stores, { migrationId, candidateId }: Target): Promise<void> {
  const run = (await stores.reader.snapshot(migrationId, candidateId))?.run;
  if (run === undefined) return;
  const fallback = { by: '', reason: '' };
  await stores.ledger.settleCancel({ migrationId, candidateId, runAttempt: run.attempt, at: AT, fallback });
}

/** What the migrations themselves say. */
async function running(stores: Stores): Promise<number> {
  const all = await Promise.all(MIGRATIONS.map((id) => stores.migrations.get(id)));
  return all.reduce((sum, migration) => sum + (migration?.counts.running ?? 0), 0);
}

const clients: [string, () => RedisClient][] = [
  ['one Redis', () => connectRedis(testRedis())],
  ['a Redis Cluster', () => connectRedis(testCluster())],
];

describe.each(clients)('places among the running candidates of all migrations, on %s', (_, connect) => {
  const redis = [connect(), connect()] as const;
  let prefix = '';
  let apis: [RedisStores, RedisStores];

  // A busy machine may take longer for it than a call waits.
  beforeAll(() => Promise.all(redis.map((one) => one.connect())));
  beforeEach(async () => {
    prefix = `test-${randomUUID()}`;
    apis = [createRedisStores({ redis: redis[0], prefix }), createRedisStores({ redis: redis[1], prefix })];
    const candidates = Array.from({ length: EACH }, (_one, index) => ({ id: `c${index}` }));
    await apis[0].recovery.adopt('test');
    for (const id of MIGRATIONS) {
      await apis[0].migrations.announce({ ...definition, id }, AT);
      await apis[0].candidates.submit(id, candidates, AT);
    }
    await apis[0].controls.limit('all', { maxRunning: MOST }, AT);
  });
  afterEach(async () => {
    for (const stores of apis) {
      await stores.flush();
      stores.close();
    }
    await removeKeys(redis[0], prefix);
  });
  afterAll(() => {
    for (const one of redis) one.disconnect();
  });

  const settled = async () => {
    for (const stores of apis) await stores.flush();
  };
  const leases = () => redis[0].zcard(createKeys(prefix).leases);

  it('50 starts at once through two apis take exactly as many as there are', async () => {
    const won = await Promise.all(
      TARGETS.map((target, index) => reserve(apis[index % 2 === 0 ? 0 : 1], target)),
    );
    expect(won.filter(Boolean)).toHaveLength(MOST);
    expect(await running(apis[0])).toBe(MOST);
    await settled();
    expect([await leases(), await apis[0].controls.read()]).toMatchObject([0, { running: MOST }]);
  });

  it('is never exceeded, whatever starts and ends at once, and all places come back', async () => {
    const wave = fc.array(fc.nat(TARGETS.length - 1), { minLength: 5, maxLength: 40 });
    const property = fc.asyncProperty(fc.array(wave, { minLength: 2, maxLength: 6 }), async (waves) => {
      for (const wanted of waves) {
        await Promise.all(
          wanted.map((number, index) => {
            const target = TARGETS[number];
            const stores = apis[index % 2 === 0 ? 0 : 1];
            if (target === undefined) return Promise.resolve();
            return index % 3 === 0 ? end(stores, target) : reserve(stores, target).then(() => undefined);
          }),
        );
        expect(await running(apis[0])).toBeLessThanOrEqual(MOST);
      }
      await settled();
      const now = await running(apis[0]);
      expect([await leases(), await apis[0].controls.read()]).toMatchObject([0, { running: now }]);
      // As many as are free can be taken.
      await Promise.all(TARGETS.map((target) => end(apis[0], target)));
      await settled();
      const won: boolean[] = [];
      for (const target of TARGETS.slice(0, MOST + 1)) won.push(await reserve(apis[1], target));
      expect(won.filter(Boolean)).toHaveLength(MOST);
    });
    await fc.assert(property, { seed: 1, numRuns: 8, endOnFailure: true });
  }, 120_000);

  it('that cannot be given back changes no answer, and comes back with the reconciliation', async () => {
    const keys = createKeys(prefix);
    const logger = new MemoryLogger();
    const stores = createRedisStores({ redis: redis[0], prefix, logger });
    Reflect.set(redis[0], 'zrem', () => Promise.reject(new Error('Connection is closed.')));
    const unknown = reserveWith(stores, { migrationId: 'm0', candidateId: 'nobody' });
    await expect(unknown).resolves.toEqual({ outcome: 'refused', because: 'unknown' });
    Reflect.deleteProperty(redis[0], 'zrem');
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { migrationId: 'm0' } }]);
    const [lease = ''] = await redis[0].zrange(keys.leases, '0', '-1');
    expect(lease).toMatch(/^m0 /);
    await redis[0].zadd(keys.leases, Number((await redis[0].time())[0]) - 31, lease);
    await stores.repair.rederive();
    expect(await leases()).toBe(0);
    stores.close();
  });

  it('of an api that dies with a lease comes back with the reconciliation, once that has counted', async () => {
    const keys = createKeys(prefix);
    const seconds = async (ago: number) => Number((await redis[0].time())[0]) - ago;
    // Dead between lease and reservation, and between reservation and what follows from it.
    await redis[0].zadd(keys.leases, await seconds(31), 'm0 dead');
    const derive = jest.fn(() => Promise.reject(new Error('killed')));
    const command = Reflect.get(redis[1], 'loom:derive') as unknown;
    Reflect.set(redis[1], 'loom:derive', derive);
    expect(await reserve(apis[1], { migrationId: 'm1', candidateId: 'c0' })).toBe(true);
    await apis[1].flush();
    Reflect.set(redis[1], 'loom:derive', command);
    expect(derive).toHaveBeenCalled();
    expect([await leases(), (await apis[0].controls.read()).running]).toEqual([2, 0]);

    // Both count until then: one too many at worst, never one too few.
    const won = await Promise.all(
      TARGETS.filter(({ migrationId }) => migrationId === 'm2').map((target) => reserve(apis[0], target)),
    );
    expect(won.filter(Boolean)).toHaveLength(MOST - 2);
    await settled();
    await apis[0].repair.rederive();
    // The younger lease is counted twice now; it is left for its reservation's time.
    expect([await leases(), (await apis[0].controls.read()).running]).toEqual([1, MOST - 1]);
    for (const lease of await redis[0].zrange(keys.leases, '0', '-1'))
      await redis[0].zadd(keys.leases, await seconds(31), lease);
    await apis[0].repair.rederive();
    expect(await leases()).toBe(0);
    expect(await reserve(apis[0], { migrationId: 'm3', candidateId: 'c0' })).toBe(true);
    expect(await running(apis[0])).toBe(MOST);
    expect(await reserve(apis[0], { migrationId: 'm3', candidateId: 'c1' })).toBe(false);
  });
});
