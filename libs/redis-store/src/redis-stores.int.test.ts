import { describeStores } from '@loom/ports/contract';
import { connectRedis } from './connect-redis';
import { storesOn, testRedis } from './testing/real-redis';

const redis = connectRedis(testRedis());

afterAll(() => redis.disconnect());

describeStores('redis', storesOn(redis));
