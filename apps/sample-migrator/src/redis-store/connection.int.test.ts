import { type Link, startLink } from '@loom/dev-stack';
import { splitHostPort } from '@loom/platform';
import { someWork } from '../ports/contract/work-store-contract';
import { StoreError } from '../ports';
import { createCleanup } from '../testing/cleanup';
import { memoryLogger } from '../testing/memory-migrator';
import { connectTestRedis, type TestRedis } from '../testing/real-redis';
import { createRedis } from './connection';
import { createRedisWorkStore } from './redis-work-store';

const cleanup = createCleanup();
const suite = createCleanup();
let server: TestRedis;
beforeAll(async () => {
  server = await connectTestRedis();
  suite.add(server.close);
});
afterEach(cleanup.run);
afterAll(suite.run);

type Logs = { level: string; message: string; fields: unknown }[];

/** A way to Redis that can be cut, swallow everything, and be mended. */
async function startWay(): Promise<Link> {
  const way = await startLink(server.address);
  cleanup.add(() => way.down());
  return way;
}

async function storeOver(way: Link, logs: Logs = []) {
  const redis = await createRedis({ ...splitHostPort(way.address), logger: memoryLogger(logs) });
  cleanup.add(() => redis.disconnect());
  return { redis, store: createRedisWorkStore(redis, server.prefix()) };
}

/** Milliseconds until accepting work was refused. */
async function refusalTime(accepting: Promise<boolean>): Promise<number> {
  const start = performance.now();
  await expect(accepting).rejects.toThrow(StoreError);
  return performance.now() - start;
}

test('with Redis away a dispatch is refused at once, and taken as soon as Redis is back', async () => {
  const way = await startWay();
  const logs: Logs = [];
  const { redis, store } = await storeOver(way, logs);
  expect(await store.accept(someWork('k1'))).toBe(true);
  await way.down();
  expect(await refusalTime(store.accept(someWork('k2')))).toBeLessThan(2_000);
  const back = new Promise((resolve) => redis.once('ready', resolve));
  await way.up();
  await back;
  expect(await store.accept(someWork('k2'))).toBe(true);
  const { address } = way;
  expect(logs.filter(({ level }) => level !== 'debug')).toMatchObject([
    { level: 'warn', message: 'redis cannot be used', fields: { address } },
    { level: 'info', message: 'redis can be used again', fields: { address } },
  ]);
});

test('a Redis that swallows everything is waited for no longer than two seconds', async () => {
  const way = await startWay();
  const { store } = await storeOver(way);
  way.set('freeze');
  expect(await refusalTime(store.accept(someWork('k')))).toBeLessThan(10_000);
});

test('an answer that came while this process stood still counts', async () => {
  const { store } = await storeOver(await startWay());
  const accepting = store.accept(someWork('k'));
  // As on a machine with too much to do.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_500);
  expect(await accepting).toBe(true);
});

test('without a Redis it starts all the same, and refuses at once', async () => {
  const way = await startWay();
  await way.down();
  const { store } = await storeOver(way);
  expect(await refusalTime(store.accept(someWork('k')))).toBeLessThan(2_000);
});
