import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { testRedisCluster } from '@loom/dev-stack';
import { allCompleted, announceFleet, completes, effects, startAll } from './fleet';
import { startLedgerMigrator, type LedgerMigrator } from './ledger-migrator';
import { startSmallLoom, type SmallLoom } from './small-loom';

let loom: SmallLoom;
let migrator: LedgerMigrator;
const { report, refused } = completes(() => loom.apis);

beforeAll(async () => {
  const env = { REDIS_ADDR: testRedisCluster().join(','), LOOM_REDIS_CLUSTER: 'true' };
  [loom, migrator] = await Promise.all([
    startSmallLoom({ apis: 1, env }),
    startLedgerMigrator({ onAnswered: report }),
  ]);
}, 120_000);

afterAll(async () => {
  await Promise.all([loom.stop(), migrator.close()]);
});

/** How many keys each node holds that name the migration. */
async function keysOf(migrationId: string): Promise<number[]> {
  return await Promise.all(
    testRedisCluster().map(async (address) => {
      const [host = '', port] = address.split(':');
      const node = new Redis({ host, port: Number(port), lazyConnect: true });
      await node.connect();
      const keys = await node.keys(`*{${migrationId}}*`);
      node.disconnect();
      return keys.length;
    }),
  );
}

it('api and worker run migrations on a Redis Cluster, each on one node of it', async () => {
  const ids = Array.from({ length: 6 }, () => `cluster-${randomUUID().slice(0, 8)}`);
  const fleets = await Promise.all(
    ids.map((migrationId) => announceFleet(loom.apis[0], migrator, { migrationId, size: 3, steps: 2 })),
  );
  await Promise.all(fleets.map((fleet) => startAll(loom.apis[0], fleet)));
  await Promise.all(fleets.map((fleet) => allCompleted(loom.apis[0], fleet)));

  expect(refused).toEqual([]);
  for (const fleet of fleets) {
    const { expected, seen } = effects(migrator, fleet);
    expect(seen).toEqual(expected);
  }
  const nodes = await Promise.all(ids.map(keysOf));
  for (const counts of nodes) expect(counts.filter((count) => count > 0)).toHaveLength(1);
});
