import { randomUUID } from 'node:crypto';
import { Cluster, type Redis } from 'ioredis';
import { testRedisAddr, testRedisCluster } from '@loom/dev-stack';
import type { MakeStores } from '@loom/ports/contract';
import type { RedisConnection } from '../connect-redis';
import { createRedisStores } from '../create-redis-stores';
import type { RedisClient } from '../guard';

/** Address of the Redis for tests. */
export function testRedis(): RedisConnection {
  return { addr: testRedisAddr() };
}

/** Addresses of the Redis Cluster for tests. */
export function testCluster(): RedisConnection {
  return { addr: testRedisCluster().join(','), cluster: true };
}

/** Makes stores on `client` under a prefix of their own, and leaves no key behind. */
export function storesOn(client: RedisClient): MakeStores {
  return async (options = {}) => {
    const prefix = `test-${randomUUID()}`;
    const stores = createRedisStores({ redis: client, prefix, ...options });
    await stores.recovery.adopt('test');
    const { migrations, runs, controls, events, audit, statistics, attention } = stores;
    /** What spans migrations follows a write a moment later; the suites look at it at once. */
    const flushed: Pick<
      typeof stores,
      'migrations' | 'runs' | 'controls' | 'events' | 'audit' | 'statistics' | 'attention'
    > = {
      migrations: { ...migrations, list: async (page) => (await stores.flush(), migrations.list(page)) },
      runs: { ...runs, reserve: async (draft) => (await stores.flush(), runs.reserve(draft)) },
      controls: { ...controls, read: async () => (await stores.flush(), controls.read()) },
      attention: { ...attention, list: async (page) => (await stores.flush(), attention.list(page)) },
      statistics: {
        ...statistics,
        totals: async () => (await stores.flush(), statistics.totals()),
        activity: async (...request) => (await stores.flush(), statistics.activity(...request)),
        failures: async (...request) => (await stores.flush(), statistics.failures(...request)),
      },
      events: {
        position: async (scope) => (await stores.flush(), events.position(scope)),
        read: async (...request) => (await stores.flush(), events.read(...request)),
      },
      audit: { ...audit, list: async (query) => (await stores.flush(), audit.list(query)) },
    };
    const cleanup = async () => {
      await stores.flush();
      stores.close();
      await removeKeys(client, prefix);
    };
    return { ...stores, ...flushed, cleanup };
  };
}

/** Removes every key of a test; keys are listed here only because nothing else tells which a broken test left. */
export async function removeKeys(client: RedisClient, prefix: string): Promise<void> {
  const nodes: Redis[] = client instanceof Cluster ? client.nodes('master') : [client];
  for (const node of nodes) {
    const keys: string[] = [];
    for await (const found of node.scanStream({ match: `${prefix}:*`, count: 1000 }))
      keys.push(...(found as string[]));
    await Promise.all(keys.map((key) => client.unlink(key)));
  }
}
