import { randomUUID } from 'node:crypto';
import type { AuditEntry, MigrationDefinition } from '@loom/domain';
import type { AuditQuery } from '@loom/ports';
import { connectRedis } from './connect-redis';
import { createRedisStores } from './create-redis-stores';
import { createKeys } from './keys';
import { removeKeys, testRedis } from './testing/real-redis';

const AT = '2026-01-01T00:00:00.000Z';
const definition = (id: string, name = ''): MigrationDefinition => ({
  id,
  name,
  description: '',
  migratorApp: 'a',
  migratorUrl: 'http://a',
  steps: [],
});

const redis = connectRedis(testRedis());
const prefix = `test-${randomUUID()}`;
const keys = createKeys(prefix);
const stores = createRedisStores({ redis, prefix });
const others = createRedisStores({ redis, prefix });

afterEach(async () => {
  await Promise.all([stores.flush(), others.flush()]);
  await removeKeys(redis, prefix);
});
afterAll(() => {
  stores.close();
  others.close();
  redis.disconnect();
});

const all = async (query: Partial<AuditQuery> = {}) =>
  (await stores.audit.list({ limit: 1000, ...query })).rows;
const idsOf = (entries: AuditEntry[]) => entries.map(({ id }) => id);

/** Makes changes of which the list of all hears nothing, as if each process had died right after its write. */
async function unheard(change: () => Promise<unknown>): Promise<void> {
  await stores.flush();
  await redis.rename(keys.allAudit, `${keys.allAudit}-kept`);
  await redis.set(keys.allAudit, 'in the place of a stream');
  await change();
  await stores.flush();
  await redis.rename(`${keys.allAudit}-kept`, keys.allAudit);
}

describe('references to audit entries', () => {
  it('that a crash left out come with the reconciliation: all of them, in order, none twice', async () => {
    for (const id of ['m', 'n']) await stores.migrations.announce(definition(id), AT);
    const many = Array.from({ length: 60 }, (_, index) => index);
    await unheard(async () => {
      for (const n of many) await stores.migrations.announce(definition('m', `name ${n}`), AT);
      await stores.candidates.submit('n', [{ id: 'c' }], AT);
    });
    expect(await all()).toHaveLength(2);
    expect(await all({ migrationId: 'm' })).toHaveLength(61);
    await stores.repair.rederive();
    const told = await all();
    expect(told).toHaveLength(63);
    for (const migrationId of ['m', 'n'])
      expect(told.filter((entry) => entry.migrationId === migrationId)).toEqual(await all({ migrationId }));
    await stores.repair.rederive();
    expect(idsOf(await all())).toEqual(idsOf(told));
  });

  it('that a crash left out come with the next change of their migration, before those of that change', async () => {
    await stores.migrations.announce(definition('m'), AT);
    await unheard(() => stores.migrations.announce(definition('m', 'lost'), AT));
    await stores.migrations.announce(definition('m', 'next'), AT);
    await stores.flush();
    expect(await all()).toEqual(await all({ migrationId: 'm' }));
    expect(await all()).toHaveLength(3);
  });

  it('are complete and in order where several processes carry them on at once', async () => {
    await stores.migrations.announce(definition('m'), AT);
    const ids = Array.from({ length: 120 }, (_, index) => `c${index}`);
    await stores.candidates.submit(
      'm',
      ids.map((id) => ({ id })),
      AT,
    );
    const queue = (id: string, index: number) =>
      (index % 2 === 0 ? stores : others).runs.queue({
        migrationId: 'm',
        candidateId: id,
        inputs: {},
        at: AT,
      });
    await Promise.all(ids.map(queue));
    await Promise.all([stores.flush(), others.flush()]);
    const told = await all();
    expect(told).toEqual(await all({ migrationId: 'm' }));
    expect(told.filter(({ action }) => action === 'queue')).toHaveLength(120);
  });

  it('that come late are found by the time of their entries', async () => {
    await stores.migrations.announce(definition('m'), AT);
    await unheard(() => stores.migrations.announce(definition('m', 'late'), AT));
    const [late] = await all({ migrationId: 'm' });
    if (late === undefined) throw new Error('nothing was written');
    const until = new Date(Date.parse(late.at) + 1).toISOString();
    while (Date.now() < Date.parse(late.at) + 50) await redis.ping();
    await stores.repair.rederive();
    await stores.migrations.announce(definition('other'), AT);
    await stores.flush();
    expect(idsOf(await all({ since: late.at, until }))).toContain(late.id);
    expect((await all({ until })).map(({ migrationId }) => migrationId)).not.toContain('other');
  });
});

describe('a long audit log', () => {
  /** Entries of one migration, as its scripts write them. */
  async function fill(entries: number, actorOf: (index: number) => string): Promise<void> {
    for (let start = 0; start < entries; start += 5000) {
      const batch = redis.pipeline();
      for (let index = start; index < Math.min(start + 5000, entries); index += 1)
        batch.xadd(keys.audit('m'), `${1000 + index}-0`, 'a', 'queue', 'w', actorOf(index), 'o', 'operator');
      await batch.exec();
    }
  }

  it('is looked through in portions: a page may be empty and have a cursor, and nothing is missed', async () => {
    await fill(24_000, (index) => (index === 5 || index === 23_000 ? 'rare' : 'usual'));
    const pages: number[] = [];
    let cursor: string | undefined;
    const query = { migrationId: 'm', actor: 'rare', limit: 10 };
    do {
      const page = await stores.audit.list(cursor === undefined ? query : { ...query, cursor });
      pages.push(page.rows.length);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(pages).toEqual([1, 0, 1]);
  });
});
