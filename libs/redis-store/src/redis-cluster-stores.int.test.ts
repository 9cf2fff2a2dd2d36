import { describeStores } from '@loom/ports/contract';
import { connectRedis } from './connect-redis';
import { storesOn, testCluster } from './testing/real-redis';

const redis = connectRedis(testCluster());

afterAll(() => redis.disconnect());

describeStores('redis cluster', storesOn(redis));
