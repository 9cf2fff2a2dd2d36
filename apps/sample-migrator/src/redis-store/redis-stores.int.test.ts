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
