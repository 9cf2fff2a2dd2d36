import { describeStores } from '@loom/ports/contract';
import { connectRedis } from './connect-redis';
import type { RedisClient } from './guard';
import { storesOn, testCluster } from './testing/real-redis';

let redis: RedisClient;

beforeAll(() => {
  redis = connectRedis(testCluster());
});
afterAll(() => redis.disconnect());

describeStores(
  'redis cluster',
  storesOn(() => redis),
);
