import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { splitHostPort } from '@loom/platform';
import { someWork } from '../ports/contract/work-store-contract';
import { StoreError } from '../ports';
import { createCleanup } from '../testing/cleanup';
import { memoryLogger } from '../testing/memory-migrator';
import { connectTestRedis, type TestRedis } from '../testing/real-redis';
import { createRedis } from './connection';
import { createRedisWorkStore } from './redis-work-store';

const host = '127.0.0.1';
const cleanup = createCleanup();
const suite = createCleanup();
let server: TestRedis;
beforeAll(async () => {
  server = await connectTestRedis();
  suite.add(server.close);
});
afterEach(cleanup.run);
afterAll(suite.run);

/** A way to Redis that can be cut, swallow everything, and be mended. */
async function startWay() {
  const sockets = new Set<Socket>();
  const way = { silent: false };
  const listener = createServer((socket) => {
    const onward = connect(splitHostPort(server.address));
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy()).on('close', () => to.destroy());
      from.on('data', (data) => {
        if (!way.silent) to.write(data);
      });
    }
  });
  const listen = (port: number) => new Promise<void>((resolve) => listener.listen(port, host, resolve));
  await listen(0);
  const { port } = listener.address() as AddressInfo;
  const cut = async (): Promise<void> => {
    const closed = new Promise((resolve) => listener.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  cleanup.add(cut);
  return { port, cut, mend: () => listen(port), swallow: () => void (way.silent = true) };
}

async function storeOver(port: number) {
  const redis = await createRedis({ host, port, logger: memoryLogger([]) });
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
  const { redis, store } = await storeOver(way.port);
  expect(await store.accept(someWork('k1'))).toBe(true);
  await way.cut();
  expect(await refusalTime(store.accept(someWork('k2')))).toBeLessThan(1_000);
  const back = new Promise((resolve) => redis.once('ready', resolve));
  await way.mend();
  await back;
  expect(await store.accept(someWork('k2'))).toBe(true);
});

test('a Redis that swallows everything is waited for no longer than two seconds', async () => {
  const way = await startWay();
  const { store } = await storeOver(way.port);
  way.swallow();
  expect(await refusalTime(store.accept(someWork('k')))).toBeLessThan(2_900);
});

test('without a Redis it starts all the same, and refuses at once', async () => {
  const way = await startWay();
  await way.cut();
  const { store } = await storeOver(way.port);
  expect(await refusalTime(store.accept(someWork('k')))).toBeLessThan(1_000);
});
