import { randomUUID } from 'node:crypto';
import { Fleet, at } from '@loom/ports/contract';
import { connectRedis } from './connect-redis';
import { createRedisStores } from './create-redis-stores';
import { removeKeys, testRedis } from './testing/real-redis';

const redis = connectRedis(testRedis());
const prefix = `test-${randomUUID()}`;
const stores = createRedisStores({ redis, prefix });

afterAll(async () => {
  await stores.flush();
  await removeKeys(redis, prefix);
  stores.close();
  redis.disconnect();
});

describe('the queue of what waits for a person in many migrations', () => {
  const MIGRATIONS = 60;
  const EACH = 12;
  const wanted: [number, string, string][] = [];
  beforeAll(async () => {
    await stores.recovery.adopt('test');
    for (let m = 0; m < MIGRATIONS; m += 1) {
      const fleet = new Fleet(stores, `m${m}`);
      const ids = Array.from({ length: EACH }, (_, c) => `c${String(c)}`);
      await fleet.with(...ids);
      await Promise.all(ids.map((id) => fleet.run(id)));
      for (const [c, id] of ids.entries()) {
        // Every seventh migration has all that waits longest; many wait since the same time.
        const since = m % 7 === 0 ? c : 100 + ((c * 31 + m * 17) % 40);
        const status = (c + m) % 3 === 0 ? 'awaiting_review' : 'failed';
        await fleet.project(id, 1, { status, updatedAt: at(since) });
        wanted.push([since, fleet.migrationId, id]);
      }
    }
    wanted.sort((a, b) => a[0] - b[0] || (a[1] === b[1] ? (a[2] < b[2] ? -1 : 1) : a[1] < b[1] ? -1 : 1));
    await stores.flush();
  }, 120_000);

  const scripts = async () =>
    Number(/cmdstat_evalsha:calls=(\d+)/.exec(await redis.info('commandstats'))?.[1] ?? 0);

  it.each([1, 7, 100, 500, 1000])(
    'is merged in order, %i at a time',
    async (limit) => {
      const seen: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await stores.attention.list({ limit, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.rows.map(({ migrationId, row }) => `${migrationId} ${row.candidate.id}`));
        ({ nextCursor: cursor } = page);
        pages += 1;
      } while (cursor !== undefined && pages < 120);
      expect(seen).toEqual(wanted.slice(0, seen.length).map(([, migration, id]) => `${migration} ${id}`));
      expect(seen).toHaveLength(Math.min(wanted.length, limit * 120));
    },
    60_000,
  );

  it('asks each migration once for a page, and few of them again', async () => {
    const before = await scripts();
    const { rows, counts } = await stores.attention.list({ limit: 20 });
    expect(rows).toHaveLength(20);
    expect(counts.attention).toBe(MIGRATIONS * EACH);
    expect((await scripts()) - before).toBeLessThan(2 * MIGRATIONS);
  });
});
