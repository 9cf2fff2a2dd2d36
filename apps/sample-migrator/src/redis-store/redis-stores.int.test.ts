import { Redis } from 'ioredis';
import { outboxContract } from '../ports/contract/outbox-contract';
import { someWork, workStoreContract } from '../ports/contract/work-store-contract';
import { createRedisOutbox } from './redis-outbox';
import { createRedisWorkStore } from './redis-work-store';
import { keyPrefix } from './script';

const [host = 'localhost', port = '6379'] = (process.env['REDIS_ADDR'] ?? 'localhost:6379').split(':');
const prefixes: string[] = [];
let redis: Redis;

beforeAll(() => {
  redis = new Redis({ host, port: Number(port), maxRetriesPerRequest: 1 });
});
afterAll(async () => {
  for (const prefix of prefixes) {
    const keys = await redis.keys(`${prefix}*`);
    if (keys.length > 0) await redis.del(...keys);
  }
  await redis.quit();
});

/** Each store of a test has keys of its own, so that runs side by side share a server. */
function freshPrefix(): string {
  const prefix = keyPrefix(`test-${String(process.pid)}-${String(prefixes.length)}`);
  prefixes.push(prefix);
  return prefix;
}

workStoreContract('redis', () => Promise.resolve(createRedisWorkStore(redis, freshPrefix())));
outboxContract('redis', () => Promise.resolve(createRedisOutbox(redis, freshPrefix())));

test('finished work leaves nothing but its taken key', async () => {
  const prefix = freshPrefix();
  const store = createRedisWorkStore(redis, prefix);
  await store.accept(someWork('k'));
  await store.await('k', { repo: 'acme/x', number: 7, url: 'u', branch: 'b' });
  await store.finish('k');
  expect(await redis.keys(`${prefix}*`)).toEqual([`${prefix}taken:k`]);
  expect(await redis.ttl(`${prefix}taken:k`)).toBeGreaterThan(0);
});
