import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import {
  createProcessGroup,
  redisOnDisk,
  type Server,
  startBlackHole,
  startLink,
  startRedis,
  testRedisProgram,
} from '@loom/dev-stack';
import { DependencyUnavailableError } from '@loom/domain';
import { MemoryLogger } from '@loom/ports/memory';
import { connectRedis } from './connect-redis';
import { createRedisStores } from './create-redis-stores';
import { redisProbe } from './redis-probe';
import { testCluster, testRedis } from './testing/real-redis';
import { standStill } from './testing/stand-still';

const AT = '2026-01-01T00:00:00.000Z';
const DEFINITION = {
  id: 'm',
  name: '',
  description: '',
  migratorApp: 'a',
  migratorUrl: 'http://a',
  steps: [],
};

/** Repeats `call` until it works; the outage is over as soon as one does. */
async function recovered<T>(call: () => Promise<T>): Promise<T> {
  const until = Date.now() + 10_000;
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof DependencyUnavailableError) || Date.now() > until) throw error;
    }
  }
}

describe('an outage of redis', () => {
  const group = createProcessGroup();
  let own: Server;
  beforeAll(async () => {
    const directory = group.temporaryDirectory('loom-redis-');
    own = await startRedis({ group, program: testRedisProgram(), directory });
  });
  afterAll(() => group.stopAll());

  it('loses nothing older than a second, fails calls within 3 s meanwhile, and is over without a restart', async () => {
    const redis = connectRedis({ addr: own.address });
    const stores = createRedisStores({ redis });
    const probe = redisProbe(redis);
    const never = new AbortController().signal;
    await stores.migrations.announce(DEFINITION, AT);
    await stores.candidates.submit('m', [{ id: 'a' }, { id: 'b' }], AT);
    await stores.runs.queue({ migrationId: 'm', candidateId: 'a', inputs: { x: '1' }, at: AT });
    const before = await stores.candidates.list('m', { limit: 10, sort: 'id' });
    const waiting = stores.events.read({ migrationId: 'm' }, before.streamPosition, {
      limit: 1,
      waitMs: 20_000,
      signal: never,
    });
    const lost = expect(waiting).rejects.toBeInstanceOf(DependencyUnavailableError);
    // The log is synced once a second; until it is, a kill may lose what was acknowledged.
    await redisOnDisk(own.port);
    await own.kill();

    const calls = [
      () => stores.candidates.get('m', 'a'),
      () => stores.candidates.submit('m', [{ id: 'c' }], AT),
      () => stores.runs.dequeue('m', 'a', AT),
      () => stores.events.position('all'),
      () => stores.migrations.list({ limit: 1 }),
      () => probe.check(),
    ];
    const began = Date.now();
    const outcomes = await Promise.allSettled([...calls, ...calls, ...calls].map((call) => call()));
    expect(Date.now() - began).toBeLessThan(15_000);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { code: 'dependency_unavailable', certain: true },
      });
    }
    await lost;

    await own.restart();
    const after = await recovered(() => stores.candidates.list('m', { limit: 10, sort: 'id' }));
    expect(after).toEqual(before);
    await probe.check();
    const batch = stores.events.read({ migrationId: 'm' }, after.streamPosition, {
      limit: 1,
      waitMs: 20_000,
      signal: never,
    });
    await stores.runs.dequeue('m', 'a', AT);
    expect((await batch).entries).toHaveLength(1);
    stores.close();
    redis.disconnect();
  }, 40_000);

  it.each([
    ['a server', false],
    ['a cluster', true],
  ])(
    'of %s is one line when it begins, however often it is tried, and one when it is over',
    async (_, cluster) => {
      const [target = ''] = (cluster ? testCluster() : testRedis()).addr.split(',');
      const link = await startLink(target);
      const logger = new MemoryLogger();
      const told = () => logger.lines.filter(({ level }) => level !== 'debug');
      const redis = connectRedis({ addr: link.address, cluster, logger });
      await recovered(() => redisProbe(redis).check());
      expect(told()).toEqual([]);
      redis.disconnect();
      await link.down();

      const late = connectRedis({ addr: link.address, cluster, logger });
      await expect(redisProbe(late).check()).rejects.toBeInstanceOf(DependencyUnavailableError);
      for (let tries = 0; tries < 3; tries += 1)
        await new Promise((tried) => late.once('reconnecting', tried));
      await link.up();
      await recovered(() => redisProbe(late).check());
      expect(told()).toMatchObject([
        {
          level: 'warn',
          message: 'redis cannot be used',
          fields: { address: link.address, error: expect.stringMatching(/refused|closed/i) as string },
        },
        { level: 'info', message: 'redis can be used again', fields: { address: link.address } },
      ]);
      late.disconnect();
      await link.down();
    },
  );

  it('is over for a client that was made while redis was away', async () => {
    await own.kill();
    const redis = connectRedis({ addr: own.address });
    const stores = createRedisStores({ redis, prefix: 'late' });
    await expect(stores.migrations.get('m')).rejects.toBeInstanceOf(DependencyUnavailableError);
    await own.restart();
    expect(await recovered(() => stores.migrations.get('m'))).toBeUndefined();
    stores.close();
    redis.disconnect();
  }, 40_000);

  it('answers a submit of many slices with an error, and shuts down no process that did not expect more', async () => {
    const script = join(process.cwd(), 'libs/redis-store/src/testing/submit-into-outage.ts');
    const child = spawn(process.execPath, ['--import', 'tsx', script, own.address]);
    let output = '';
    const submitting = new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (text) => {
        output += String(text);
        if (output.includes('submitting')) resolve();
      });
      child.stderr.on('data', (text) => (output += String(text)));
      child.once('exit', () => reject(new Error(output)));
    });
    const exit = once(child, 'exit');
    await submitting;
    await own.kill();
    const [code] = (await exit) as [number];
    await own.restart();
    expect([output, code]).toEqual(['submitting\ndependency_unavailable\n', 0]);
  }, 40_000);

  // The first is so short that only the order matters in which a time that has passed and an answer are heard.
  it.each([220, 500])(
    'takes no call for lost whose answer came while this process stood still for %d of 200 ms',
    async (ms) => {
      const redis = connectRedis({ addr: own.address, callTimeoutMs: 200 });
      const stores = createRedisStores({ redis, prefix: 'standstill' });
      await stores.migrations.announce(DEFINITION, AT);
      const began = performance.now();
      const calls = Array.from({ length: 50 }, () => stores.migrations.get('m'));
      // Until they are sent, which needs no turn of the event loop: none of the answers is read before the standstill.
      for (let turns = 0; turns < 20; turns += 1) await Promise.resolve();
      standStill(ms - (performance.now() - began));
      expect((await Promise.all(calls)).map((migration) => migration?.id)).toEqual(calls.map(() => 'm'));
      stores.close();
      redis.disconnect();
    },
  );

  it('bounds calls to something that accepts connections and never answers', async () => {
    const hole = await startBlackHole();
    const redis = connectRedis({ addr: hole.address });
    const stores = createRedisStores({ redis });
    const began = Date.now();
    await expect(stores.migrations.get('m')).rejects.toBeInstanceOf(DependencyUnavailableError);
    expect(Date.now() - began).toBeLessThan(15_000);
    stores.close();
    redis.disconnect();
    await hole.close();
  });
});
