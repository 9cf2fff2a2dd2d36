import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import type { MigrationDefinition } from '@loom/domain';
import type { RunProjection } from '@loom/ports';
import { MemoryLogger } from '@loom/ports/memory';
import { connectRedis } from './connect-redis';
import { createRedisStores } from './create-redis-stores';
import { createKeys } from './keys';
import { removeKeys, testRedis } from './testing/real-redis';

const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:00:01.000Z';
const definition = (over: Partial<MigrationDefinition> = {}): MigrationDefinition => ({
  id: 'm',
  name: '',
  description: '',
  migratorApp: 'a',
  migratorUrl: 'http://a',
  steps: [],
  ...over,
});

const redis = connectRedis(testRedis());
const prefix = `test-${randomUUID()}`;
const keys = createKeys(prefix);
const logger = new MemoryLogger();
const stores = createRedisStores({ redis, prefix, logger });

beforeEach(() => stores.recovery.adopt('test'));
afterEach(async () => {
  await stores.flush();
  await removeKeys(redis, prefix);
});
afterAll(() => {
  stores.close();
  redis.disconnect();
});

const listed = async () => (await stores.migrations.list({ limit: 9 })).rows;
const listedCounts = async () => (await listed())[0]?.counts;

/** Makes a change of which the list of all migrations does not hear. */
async function unheard(change: () => Promise<unknown>): Promise<void> {
  await stores.flush();
  const kept = await redis.hgetall(keys.allCounts);
  await redis.del(keys.allCounts);
  await redis.set(keys.allCounts, 'in the place of a hash');
  await change();
  await stores.flush();
  await redis.del(keys.allCounts);
  await redis.hset(keys.allCounts, kept);
}

/** A run whose first act is recorded, and its first view. */
async function begun(): Promise<RunProjection> {
  await stores.migrations.announce(definition(), AT);
  await stores.candidates.submit('m', [{ id: 'c' }], AT);
  const candidateVersion = (await stores.reader.snapshot('m', 'c'))?.version ?? '';
  const run = { runId: 'm__c', migrationId: 'm', candidate: { id: 'c' }, steps: [], inputs: {} };
  const manifest = { ...run, nonce: 'n', reservedAt: AT };
  const from = 'not_started_or_queued';
  await stores.runs.reserve({ manifest, definitionRevision: 1, candidateVersion, from });
  const address = { migrationId: 'm', candidateId: 'c', runAttempt: 1 };
  await stores.ledger.begin({ ...address, executionId: 'x', at: AT });
  const attention = { kind: 'step_failed', since: AT } as const;
  return { ...address, seq: 1, steps: [], currentStep: 0, inputs: {}, attention, at: AT };
}

describe('what the list of migrations has missed', () => {
  it('reaches it with a repeat of the activity that made it, though that changes nothing', async () => {
    const first = await begun();
    const last = { ...first, seq: 2 };
    await unheard(() => stores.ledger.project(first));
    expect(await listedCounts()).toMatchObject({ running: 1, attention: 0 });
    expect(await stores.ledger.project(first)).toBe('applied');
    await stores.flush();
    expect(await listedCounts()).toMatchObject({ running: 1, attention: 1 });
    await unheard(() => stores.ledger.complete(last));
    expect(await listedCounts()).toMatchObject({ running: 1, completed: 0 });
    expect(await stores.ledger.complete(last)).toBe('applied');
    await stores.flush();
    expect(await listedCounts()).toMatchObject({ running: 0, completed: 1, attention: 0 });
  });

  it('reaches it with a repeated settlement, and with a repeated key', async () => {
    const { migrationId, candidateId, runAttempt } = await begun();
    const fallback = { by: 'b', reason: 'r' };
    const settlement = { migrationId, candidateId, runAttempt, steps: [], at: AT, fallback };
    await unheard(() => stores.ledger.settleCancel(settlement));
    expect(await stores.ledger.settleCancel(settlement)).toBe('applied');
    await stores.flush();
    expect(await listedCounts()).toMatchObject({ running: 0, not_started: 1 });
    const idempotency = { key: 'k', fingerprint: 'f' };
    const queue = { migrationId, candidateId, inputs: {}, at: AT, idempotency };
    await unheard(() => stores.runs.queue(queue));
    expect(await stores.runs.queue(queue)).toMatchObject({ outcome: 'repeated' });
    await stores.flush();
    expect(await listedCounts()).toMatchObject({ queued: 1, not_started: 0 });
  });

  it('is found by the reconciliation, definition and URL too, and one torn migration hinders no other', async () => {
    for (const id of ['m', 'torn', 'untouched']) await stores.migrations.announce(definition({ id }), AT);
    await unheard(() => stores.candidates.submit('m', [{ id: 'c' }], AT));
    const kept = await redis.hgetall(keys.allDefinitions);
    await redis.del(keys.allDefinitions);
    await redis.set(keys.allDefinitions, 'in the place of a hash');
    const moved = definition({ name: 'new', migratorUrl: 'http://moved' });
    await expect(stores.migrations.announce(moved, LATER)).rejects.toThrow('WRONGTYPE');
    await redis.del(keys.allDefinitions, keys.ofMigration('torn')[1] ?? '');
    await redis.hset(keys.allDefinitions, kept);

    expect(await stores.repair.rederive()).toBe(1);
    const [row, ...others] = await listed();
    expect(row).toEqual(await stores.migrations.get('m'));
    expect(row).toMatchObject({ name: 'new', revision: 2, counts: { not_started: 1 } });
    expect(others.map(({ id }) => id)).toEqual(['torn', 'untouched']);
    expect(await stores.migrations.migratorUrl('a')).toBe('http://moved');
    const errors = logger.lines.filter(({ level }) => level === 'error');
    expect(errors).toMatchObject([{ fields: { migrationIds: ['torn'] } }]);
    expect(await stores.repair.rederive()).toBe(0);
  });

  it('is found after a process was killed between its write and what follows from it', async () => {
    const script = join(process.cwd(), 'libs/redis-store/src/testing/die-before-derive.ts');
    const args = ['--import', 'tsx', script, testRedis().addr, prefix];
    const child = spawn(process.execPath, args, { stdio: 'inherit' });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    expect((await stores.migrations.get('m'))?.counts).toMatchObject({ not_started: 0, queued: 1 });
    expect(await listedCounts()).toMatchObject({ not_started: 1, queued: 0 });
    const position = await stores.events.position('all');
    const told = async () => {
      const options = { limit: 99, waitMs: 0, signal: new AbortController().signal };
      const { entries } = await stores.events.read('all', position, options);
      return entries.map(({ event }) => event);
    };
    expect(await told()).toEqual([]);
    expect(await stores.repair.rederive()).toBe(1);
    expect(await listedCounts()).toMatchObject({ not_started: 0, queued: 1 });
    // A reader of the changes of all migrations would be wrong for ever.
    expect(await told()).toEqual([{ type: 'counts', migrationId: 'm', counts: await listedCounts() }]);
    expect(await stores.repair.rederive()).toBe(0);
    expect(await told()).toHaveLength(1);
  }, 40_000);

  it('is counts that a submit did not come to tell, in the own stream as well', async () => {
    await stores.migrations.announce(definition(), AT);
    await stores.flush();
    const scopes = [{ migrationId: 'm' }, 'all'] as const;
    const starts = await Promise.all(scopes.map((scope) => stores.events.position(scope)));
    const told = () =>
      Promise.all(
        scopes.map(async (scope, at) => {
          const options = { limit: 99, waitMs: 0, signal: new AbortController().signal };
          return (await stores.events.read(scope, starts[at] ?? '', options)).entries.map(
            ({ event }) => event,
          );
        }),
      );
    const dying = connectRedis(testRedis());
    const { candidates, flush, close } = createRedisStores({ redis: dying, prefix });
    const submit = (dying as unknown as Record<string, (...args: unknown[]) => unknown>)['loom:submit'];
    let parts = 0;
    Object.assign(dying, {
      'loom:submit': (...args: unknown[]) =>
        (parts += 1) > 2 ? Promise.reject(new Error('it died')) : submit?.apply(dying, args),
    });
    const ids = Array.from({ length: 60 }, (_, index) => ({ id: `c${index}` }));
    await expect(candidates.submit('m', ids, AT)).rejects.toThrow('it died');
    // What it was to carry on may still be under way, and would then be told twice.
    await flush();
    close();
    dying.disconnect();
    expect(await told()).toEqual([[], []]);
    await stores.repair.rederive();
    await stores.flush();
    const { counts } = await stores.candidates.list('m', { limit: 1, sort: 'id' });
    expect(counts.not_started).toBe(50);
    const event = { type: 'counts', migrationId: 'm', counts };
    expect(await told()).toEqual([[event], [event]]);
    await stores.repair.rederive();
    expect(await told()).toEqual([[event], [event]]);
  });

  it('is told as an outage where nothing can be read', async () => {
    await stores.migrations.announce(definition(), AT);
    await redis.del(keys.ofMigration('m')[1] ?? '');
    await expect(stores.repair.rederive()).rejects.toThrow('LOOMTORN');
  });
});

describe('statistics of all migrations', () => {
  const span = { until: AT, days: 1 };
  const told = async () => ({
    totals: await stores.statistics.totals(),
    activity: await stores.statistics.activity('all', span),
    failures: await stores.statistics.failures('all', { limit: 9 }),
  });
  const fail = (view: RunProjection, seq: number, stepName: string) => {
    const fact = { seq, kind: 'failed', stepName, attempt: 1, startedAt: AT, at: AT } as const;
    return stores.ledger.project({ ...view, seq, facts: [fact] });
  };

  it('get what was unheard of, once, and nothing that they have', async () => {
    const view = await begun();
    await fail(view, 2, 'heard');
    await unheard(() => fail(view, 3, 'unheard'));
    const before = await told();
    expect(before.failures.rows.map(({ stepName }) => stepName)).toEqual(['heard']);
    for (let i = 0; i < 2; i += 1) {
      await stores.repair.rederive();
      const { totals, activity, failures } = await told();
      expect(totals.candidates).toMatchObject({ not_started: 0, running: 1 });
      expect(activity).toMatchObject([{ started: 1, failed: 2 }]);
      expect(failures.rows.map(({ stepName }) => stepName)).toEqual(['unheard', 'heard']);
    }
  });

  it('are made anew of what each migration says when they are lost', async () => {
    const view = await begun();
    await fail(view, 2, 'one');
    await stores.flush();
    const before = await told();
    await redis.unlink(...keys.derived);
    await stores.repair.rederive();
    expect(await told()).toEqual(before);
  });

  it('take over a migration whose summary an earlier version wrote, without sums', async () => {
    await begun();
    await stores.flush();
    const kept = await redis.hget(keys.allCounts, 'm');
    const [counts = ''] = kept?.split('\n') ?? [];
    const before = await told();
    await redis.unlink(...keys.derived);
    await redis.hset(keys.allCounts, 'm', counts);
    await stores.repair.rederive();
    expect(await told()).toEqual(before);
  });
});
