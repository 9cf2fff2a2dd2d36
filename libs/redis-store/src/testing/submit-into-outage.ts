import { DependencyUnavailableError } from '@loom/domain';
import { connectRedis } from '../connect-redis';
import { createRedisStores } from '../create-redis-stores';

/** A process of its own, as an app is: submits to the Redis at argv[2] until that fails, then tells the error's code. */
const COUNT = 5000;
const redis = connectRedis({ addr: process.argv[2] ?? '' });
const stores = createRedisStores({ redis, prefix: 'doomed' });
const at = '2026-01-01T00:00:00.000Z';
const definition = { id: 'm', name: '', description: '', steps: [] };
await stores.migrations.announce({ ...definition, migratorApp: 'a', migratorUrl: 'http://a' }, at);
console.log('submitting');
try {
  for (let round = 0; ; round += 1) {
    const candidates = Array.from({ length: COUNT }, (_, index) => ({ id: `${round}-${index}` }));
    await stores.candidates.submit('m', candidates, at);
  }
} catch (error) {
  console.log(error instanceof DependencyUnavailableError ? error.code : error);
}
stores.close();
redis.disconnect();
