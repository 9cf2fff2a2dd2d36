import { describeStores } from '@loom/ports/contract';
import { connectRedis } from './connect-redis';
import { guarded } from './guard';
import { storesOn, testCluster } from './testing/real-redis';

const redis = connectRedis(testCluster());

const onTestEnd: (() => void)[] = [];
afterEach(() => onTestEnd.splice(0).forEach((end) => end()));
afterAll(() => redis.disconnect());

describeStores('redis cluster', storesOn(redis));

it('calls that begin together do not meet a node that is still being connected to', async () => {
  const fresh = connectRedis(testCluster());
  onTestEnd.push(() => fresh.disconnect());
  const keys = Array.from({ length: 30 }, (_, i) => `{no-such-key-${String(i)}}`);
  // The first one makes its node connect; the others come while it does.
  const answers = await Promise.all(keys.map((key) => guarded(fresh, () => fresh.get(key))));
  expect(answers.every((answer) => answer === null)).toBe(true);
});
