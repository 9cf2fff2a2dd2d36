import { outboxContract } from '../ports/contract/outbox-contract';
import { someWork, workStoreContract } from '../ports/contract/work-store-contract';
import { connectTestRedis, type TestRedis } from '../testing/real-redis';
import { createRedisOutbox } from './redis-outbox';
import { createRedisWorkStore } from './redis-work-store';

let connected: TestRedis | undefined;
const server = (): TestRedis => {
  if (!connected) throw new Error('not connected');
  return connected;
};
beforeAll(async () => {
  connected = await connectTestRedis();
});
afterAll(() => connected?.close());

workStoreContract('redis', () => Promise.resolve(createRedisWorkStore(server().redis, server().prefix())));
outboxContract('redis', () => Promise.resolve(createRedisOutbox(server().redis, server().prefix())));

test('finished work leaves nothing but its taken key', async () => {
  const { redis } = server();
  const prefix = server().prefix();
  const store = createRedisWorkStore(redis, prefix);
  await store.accept(someWork('k'));
  await store.await('k', { repo: 'acme/x', number: 7, url: 'u', branch: 'b' });
  await store.finish('k');
  expect(await redis.keys(`${prefix}*`)).toEqual([`${prefix}taken:k`]);
  expect(await redis.ttl(`${prefix}taken:k`)).toBeGreaterThan(0);
});

describe('what a run attempt pushed', () => {
  const KEPT_S = 90 * 24 * 3600;
  const pushed = { repo: 'acme/x', branch: 'b' };
  const pullRequest = { ...pushed, number: 7, url: 'u' };
  const setUp = async () => {
    const { redis } = server();
    const prefix = server().prefix();
    const store = createRedisWorkStore(redis, prefix);
    for (const key of ['k1', 'k2']) await store.accept(someWork(key));
    for (const key of ['k1', 'k2']) await store.pushing(key, pushed);
    const isKept = async (key: string) => KEPT_S - (await redis.ttl(prefix + key)) < 60;
    return { redis, prefix, store, isKept, run: 'run:m__c/1' };
  };

  test('is forgotten after three months, but not while a step of it is at work', async () => {
    const { redis, prefix, store, isKept, run } = await setUp();
    await store.settle('k1');
    expect(await isKept('work:k1')).toBe(true);
    expect(await redis.ttl(prefix + run)).toBe(-1);
    await store.await('k2', pullRequest);
    await store.finish('k2');
    expect(await isKept(run)).toBe(true);
    await store.accept(someWork('k3'));
    expect(await redis.ttl(prefix + run)).toBe(-1);
  });

  test('is not forgotten while it is to be taken back, nor that it was cancelled', async () => {
    const { redis, prefix, store, isKept, run } = await setUp();
    await store.settle('k1');
    await store.finish('k2');
    await store.cancel(someWork('k1'), 0);
    for (const key of ['work:k1', run]) expect(await redis.ttl(prefix + key)).toBe(-1);
    await redis.expire(`${prefix}cancelled:m__c/1`, 5);
    expect(await store.hold('k1', 1)).toBe(true);
    expect(await isKept('cancelled:m__c/1')).toBe(true);
  });

  test('is met by a dispatch that comes again after its key was forgotten, which begins anew', async () => {
    const { redis, prefix, store } = await setUp();
    await store.settle('k1');
    await redis.del(`${prefix}taken:k1`);
    expect(await store.accept(someWork('k1'))).toBe(true);
    expect(await redis.ttl(`${prefix}work:k1`)).toBe(-1);
    expect(await store.pushing('k1', pushed)).toBe(true);
  });

  test('leaves nothing when it was taken back', async () => {
    const { redis, prefix, store } = await setUp();
    await store.settle('k1');
    await store.await('k2', pullRequest);
    await store.await('k2', { ...pullRequest, number: 8 });
    await store.cancel(someWork('k1'), 0);
    for (const key of ['k1', 'k2']) {
      await store.withdrawn(key, 0);
      await store.finish(key);
    }
    const left = ['cancelled:m__c/1', 'taken:k1', 'taken:k2'].map((key) => prefix + key);
    expect((await redis.keys(`${prefix}*`)).sort()).toEqual(left);
  });

  test('is claimed by nobody where its record is gone', async () => {
    const { redis, prefix, store } = await setUp();
    await redis.del(`${prefix}work:k1`);
    expect((await store.claim(Date.now(), Date.now(), 9)).map(({ key }) => key)).toEqual(['k2']);
    expect(await redis.zrange(`${prefix}due`, '0', '-1')).toEqual(['k2']);
    expect((await store.cancel(someWork('k1'), 0)).map(({ key }) => key)).toEqual(['k2']);
    expect(await redis.smembers(`${prefix}run:m__c/1`)).toEqual(['k2']);
  });
});
