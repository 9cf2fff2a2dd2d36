import { describeStores } from '@loom/ports/contract';
import { connectRedis } from './connect-redis';
import type { RedisClient } from './guard';
import { storesOn, testRedis } from './testing/real-redis';

let redis: RedisClient;

beforeAll(() => {
  redis = connectRedis(testRedis());
});
afterAll(() => redis.disconnect());

describeStores(
  'redis',
  storesOn(() => redis),
);
