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

test('what a run attempt pushed is forgotten after three months, and a cancel not while it is worked on', async () => {
  const { redis } = server();
  const prefix = server().prefix();
  const store = createRedisWorkStore(redis, prefix);
  const run = `${prefix}run:m__c/1`;
  await store.accept(someWork('k'));
  await store.pushing('k', { repo: 'acme/x', branch: 'b' });
  await store.settle('k');
  const months = 90 * 24 * 3600;
  const left = async (key: string) => months - (await redis.ttl(key));
  for (const key of [`${prefix}work:k`, run]) expect(await left(key)).toBeLessThan(60);
  await store.accept(someWork('k2'));
  expect(await redis.ttl(run)).toBe(-1);
  await store.cancel(someWork('k'));
  await redis.expire(`${prefix}cancelled:m__c/1`, 5);
  expect(await store.hold('k', 1)).toBe(true);
  expect(await left(`${prefix}cancelled:m__c/1`)).toBeLessThan(60);
});
