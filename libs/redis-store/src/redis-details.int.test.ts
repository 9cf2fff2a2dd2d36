import { randomUUID } from 'node:crypto';
import { DependencyUnavailableError } from '@loom/domain';
import { MemoryLogger } from '@loom/ports/memory';
import { connectRedis } from './connect-redis';
import { createRedisStores } from './create-redis-stores';
import { deriveKeys } from './deriver';
import { createKeys } from './keys';
import { loadScripts } from './lua-scripts';
import { redisProbe } from './redis-probe';
import { createScriptRunner } from './script-runner';
import { removeKeys, testCluster, testRedis } from './testing/real-redis';

const AT = '2026-01-01T00:00:00.000Z';
const DEFINITION = {
  id: 'm',
  name: '',
  description: '',
  migratorApp: 'a',
  migratorUrl: 'http://a',
  steps: [],
};
const DAY_S = 24 * 60 * 60;

const redis = connectRedis(testRedis());
const prefix = `test-${randomUUID()}`;
const keys = createKeys(prefix);
const logger = new MemoryLogger();
const stores = createRedisStores({ redis, prefix, logger });

beforeEach(async () => {
  await stores.recovery.adopt('test');
  await stores.migrations.announce(DEFINITION, AT);
  await stores.candidates.submit('m', [{ id: 'a' }], AT);
});
afterEach(async () => {
  await stores.flush();
  await removeKeys(redis, prefix);
});
afterAll(() => {
  stores.close();
  redis.disconnect();
});

describe('redis stores in detail', () => {
  it('keep an idempotency key for 24 hours', async () => {
    const idempotency = { key: 'k', fingerprint: 'f' };
    await stores.runs.queue({ migrationId: 'm', candidateId: 'a', inputs: {}, at: AT, idempotency });
    const [key = ''] = await redis.keys(`${prefix}:{m}:i:*`);
    const ttl = await redis.ttl(key);
    expect(ttl).toBeGreaterThan(DAY_S - 60);
    expect(ttl).toBeLessThanOrEqual(DAY_S);
  });

  it('look at a bounded number of archived migrations for a page, and go on from there', async () => {
    await stores.flush();
    const ids = Array.from({ length: 6000 }, (_, index) => `archived-${index}`);
    for (const key of [keys.allIds, keys.archivedIds]) await redis.zadd(key, ...ids.flatMap((id) => [0, id]));
    const first = await stores.migrations.list({ limit: 1 });
    expect(first).toEqual({ rows: [], nextCursor: expect.any(String) as string });
    const rest = await stores.migrations.list({ limit: 1, cursor: first.nextCursor ?? '' });
    expect(rest.rows).toEqual([await stores.migrations.get('m')]);
    expect(rest).not.toHaveProperty('nextCursor');
  });

  it('read a migration, with what is known of all of them, by two commands of one turn, and a list by one', async () => {
    await stores.reach.lost('a', 'down', AT);
    // From now on its script is known.
    await stores.migrations.list({ limit: 1 });
    const sent = jest.spyOn(redis, 'sendCommand');
    const one = stores.migrations.get('m');
    await Promise.resolve();
    const inOneTurn = sent.mock.calls.length;
    expect(await one).toMatchObject({ migratorUnreachable: { since: AT, detail: 'down' } });
    expect([inOneTurn, sent.mock.calls.length]).toEqual([2, 2]);
    await stores.migrations.list({ limit: 1 });
    expect(sent).toHaveBeenCalledTimes(3);
    sent.mockRestore();
  });

  it('stop at half a migration, and change nothing', async () => {
    const [hash = '', seq = ''] = keys.ofMigration('m');
    await redis.del(seq);
    const torn = { code: 'dependency_unavailable', certain: true };
    await expect(stores.candidates.submit('m', [{ id: 'b' }], AT)).rejects.toMatchObject(torn);
    await expect(stores.candidates.list('m', { limit: 1, sort: 'id' })).rejects.toMatchObject(torn);
    await expect(stores.migrations.announce(DEFINITION, AT)).rejects.toMatchObject(torn);
    await redis.set(seq, 1);
    expect((await stores.candidates.list('m', { limit: 9, sort: 'id' })).total).toBe(1);
    await redis.del(hash);
    await expect(stores.candidates.get('m', 'a')).rejects.toMatchObject(torn);
  });

  it('never let older counts or definitions stand over newer ones', async () => {
    const runner = createScriptRunner(redis, keys);
    const derive = (version: number, counts: string) =>
      runner.onKeys('derive', deriveKeys(keys), [100, 1, 'm', version, `${counts}\n@0;`, 0]);
    await derive(100, '7,0,0,0,0');
    await derive(99, '1,0,0,0,0');
    await derive(100, '2,0,0,0,0');
    expect((await stores.migrations.list({ limit: 1 })).rows[0]?.counts.total).toBe(7);
    const names = [...keys.derived, keys.allIds, keys.allDefinitions, keys.migratorUrls];
    const late = ['m', 1, '0,0,0,0,0\n@0;', '{"id":"late"}', 'a', 0, 'http://old'];
    await runner.onKeys('derive-definition', names, late);
    expect((await stores.migrations.list({ limit: 1 })).rows[0]?.id).toBe('m');
    expect(await stores.migrations.migratorUrl('a')).toBe('http://a');
  });

  it('go on when what spans migrations cannot be written, and say so', async () => {
    await redis.del(keys.allStream);
    await redis.set(keys.allStream, 'not a stream');
    await stores.runs.queue({ migrationId: 'm', candidateId: 'a', inputs: {}, at: AT });
    expect((await stores.candidates.get('m', 'a'))?.status).toBe('queued');
    await stores.flush();
    expect(logger.lines).toContainEqual(expect.objectContaining({ level: 'warn' }));
    await redis.del(keys.allStream);
    await stores.runs.dequeue('m', 'a', AT);
    await stores.flush();
    expect((await stores.migrations.list({ limit: 1 })).rows[0]?.counts).toMatchObject({
      not_started: 1,
      queued: 0,
    });
  });

  it('find a reservation of a migration whose definition never reached the list of all', async () => {
    await redis.del(keys.allIds, keys.allDefinitions);
    // In place of the hash of definitions, so that an announce fails between its two writes.
    await redis.set(keys.allDefinitions, 'broken');
    await expect(stores.migrations.announce({ ...DEFINITION, name: 'again' }, AT)).rejects.toThrow(
      'WRONGTYPE',
    );
    const candidateVersion = (await stores.reader.snapshot('m', 'a'))?.version ?? '';
    const run = { runId: 'm__a', migrationId: 'm', candidate: { id: 'a' }, steps: [], inputs: {} };
    const manifest = { ...run, nonce: 'n', reservedAt: AT };
    const draft = {
      manifest,
      definitionRevision: 2,
      candidateVersion,
      from: 'not_started_or_queued',
    } as const;
    await stores.runs.reserve(draft);
    expect(await stores.repair.unstarted('2027-01-01T00:00:00.000Z', 9)).toEqual([
      { ...manifest, runAttempt: 1 },
    ]);
    await redis.del(keys.allDefinitions);
    expect(await stores.migrations.list({ limit: 1 })).toEqual({ rows: [] });
  });

  it('take the mistakes of scripts for bugs, not for outages', async () => {
    const runner = createScriptRunner(redis, keys);
    const failing = runner.onMigration('page', 'm', []);
    await expect(failing).rejects.not.toBeInstanceOf(DependencyUnavailableError);
    await expect(failing).rejects.toThrow(/^redis: ERR/);
  });

  it('run scripts again after Redis forgot them', async () => {
    await redis.script('FLUSH');
    expect((await stores.candidates.get('m', 'a'))?.status).toBe('not_started');
  });

  it('use one connection for all waiting readers, and give it back', async () => {
    const waiters = async () => {
      const clients = String(await redis.client('LIST'));
      return clients.split('\n').filter((line) => line.includes('loom-streams') && line.includes('sub=1'))
        .length;
    };
    const before = await waiters();
    const own = createRedisStores({ redis, prefix });
    const position = await own.events.position({ migrationId: 'm' });
    const readers = Array.from({ length: 20 }, () => new AbortController());
    const reads = readers.map(({ signal }) =>
      own.events.read({ migrationId: 'm' }, position, { limit: 1, waitMs: 20_000, signal }),
    );
    await until(async () => (await waiters()) === before + 1);
    for (const reader of readers) reader.abort();
    await Promise.all(reads);
    own.close();
    await until(async () => (await waiters()) === before);
  });

  it('have a probe that tells whether Redis, or a whole cluster, answers', async () => {
    const cluster = connectRedis(testCluster());
    await redisProbe(redis).check();
    await redisProbe(cluster).check();
    cluster.disconnect();
    await expect(redisProbe(cluster).check()).rejects.toBeInstanceOf(DependencyUnavailableError);
  });
});

describe('scripts', () => {
  it('have a header sentence and no include left', () => {
    const scripts = [...loadScripts()];
    expect(scripts.length).toBeGreaterThan(20);
    for (const [name, text] of scripts) {
      expect([name, text.startsWith('-- ')]).toEqual([name, true]);
      expect(text).not.toContain('@include');
    }
  });
});

async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
