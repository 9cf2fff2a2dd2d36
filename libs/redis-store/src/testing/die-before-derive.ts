import { connectRedis } from '../connect-redis';
import { createRedisStores } from '../create-redis-stores';

/** A process that is killed when it has queued a candidate and is about to tell the list of all migrations. */
const [addr = '', prefix = ''] = process.argv.slice(2);
const redis = connectRedis({ addr });
const stores = createRedisStores({ redis, prefix });
const at = '2026-01-01T00:00:00.000Z';
const definition = { id: 'm', name: '', description: '', steps: [] };
await stores.migrations.announce({ ...definition, migratorApp: 'a', migratorUrl: 'http://a' }, at);
await stores.candidates.submit('m', [{ id: 'c' }], at);
await stores.flush();
Object.assign(redis, { 'loom:derive': () => process.kill(process.pid, 'SIGKILL') });
await stores.runs.queue({ migrationId: 'm', candidateId: 'c', inputs: {}, at });
await stores.flush();
