import type { AuditContext } from '@loom/domain';
import type { StoreIdentity, StoreRecovery } from '@loom/ports';
import { authorArg } from './audit-codec';
import type { AuditDeriver } from './audit-deriver';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { numberAt, textsAt, type ScriptRunner } from './script-runner';

export interface StoreRecoveryDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
  audit: Pick<AuditDeriver, 'note'>;
}

/** Counters that one script raises. */
const SLICE = 250;
/** Marks of `fa`, see lua/attempts.lua. */
const UNSETTLED = '-';
const UNKNOWN = '?';

/** The store's id under the tag that spans migrations, and the counters of each under its own. */
export function createRedisStoreRecovery(deps: StoreRecoveryDeps): StoreRecovery {
  const { redis, runner, keys, audit } = deps;
  const everyMigration = async (act: (migrationId: string) => Promise<unknown>): Promise<void> => {
    for (const id of await guarded(redis, () => redis.zrange(keys.allIds, '0', '-1'))) await act(id);
  };
  const mark = async (migrationId: string, from: string, to: string, by?: AuditContext): Promise<boolean> => {
    const reply = await runner.onMigration('mark-attempts', migrationId, [from, to, authorArg(by)]);
    if (numberAt(reply, 1) === 1) audit.note(migrationId);
    return numberAt(reply, 0) === 1;
  };

  return {
    identity: () => identityOf(deps),

    async adopt(id, lostAt) {
      // The loss first: once there is an id, migrations are settled by it.
      if (lostAt !== undefined) await guarded(redis, () => redis.hset(keys.identity, 'lost', lostAt));
      await guarded(redis, () => redis.hsetnx(keys.identity, 'id', id));
      return (await identityOf(deps)).id ?? id;
    },

    async distrust() {
      await guarded(redis, () => redis.hdel(keys.identity, 'id'));
      await everyMigration((id) => mark(id, '', UNSETTLED));
    },

    settle: (migrationId) => settleMigration(deps, migrationId),
    settleAll: () => everyMigration((id) => settleMigration(deps, id)),

    async raiseAttempts(migrationId, attempts, by) {
      for (let start = 0; start < attempts.length; start += SLICE) {
        const slice = attempts.slice(start, start + SLICE);
        const args = slice.flatMap(({ candidateId, runAttempt, isOpen }) => [
          candidateId,
          runAttempt,
          isOpen ? 1 : 0,
        ]);
        const reply = await runner.onMigration('raise-attempts', migrationId, [...args, authorArg(by)]);
        if (numberAt(reply, 0) === 1) audit.note(migrationId);
      }
    },

    async waiting(limit) {
      let found: { run: { migrationId: string; candidateId: string }; turn: number }[] = [];
      let total = 0;
      await everyMigration(async (migrationId) => {
        const reply = await runner.onMigration('read-pending', migrationId, [limit]);
        total += numberAt(reply, 0);
        const flat = textsAt(reply, 1);
        for (let i = 0; i + 1 < flat.length; i += 2)
          found.push({ run: { migrationId, candidateId: flat[i] ?? '' }, turn: Number(flat[i + 1]) });
        if (found.length > limit) found = found.sort((a, b) => a.turn - b.turn).slice(0, limit);
      });
      return { runs: found.sort((a, b) => a.turn - b.turn).map(({ run }) => run), total };
    },

    async postpone(migrationId, candidateId) {
      await runner.onMigration('postpone-pending', migrationId, [candidateId]);
    },

    async resolve(migrationId, candidateId) {
      await runner.onMigration('resolve-pending', migrationId, [candidateId, 1]);
    },

    async isUndetermined(migrationId, candidateId) {
      if ((await identityOf(deps)).id === undefined) return true;
      return numberAt(await runner.onMigration('resolve-pending', migrationId, [candidateId, 0]), 0) === 1;
    },

    async accept(firstAttempt, migrationId, by) {
      let accepted = 0;
      const acceptOne = async (id: string) => {
        if (await mark(id, UNKNOWN, String(firstAttempt), by)) accepted += 1;
      };
      if (migrationId !== undefined) await acceptOne(migrationId);
      else {
        await everyMigration(acceptOne);
        await guarded(redis, () => redis.hdel(keys.identity, 'lost'));
      }
      return accepted;
    },
  };
}

async function identityOf({
  redis,
  keys,
}: Pick<StoreRecoveryDeps, 'redis' | 'keys'>): Promise<StoreIdentity> {
  const [id, lostAt] = await guarded(redis, () => redis.hmget(keys.identity, 'id', 'lost'));
  return {
    ...(typeof id === 'string' ? { id } : {}),
    ...(typeof lostAt === 'string' ? { lostAt } : {}),
  };
}

/**
 * Decides how a migration's first attempts are numbered, once the store has its id. The id is read after the migration
 * was written, so that a loss between the two takes the migration along, and never leaves it as a sound one.
 */
export async function settleMigration(
  deps: Omit<StoreRecoveryDeps, 'audit'>,
  migrationId: string,
): Promise<void> {
  const { id, lostAt } = await identityOf(deps);
  if (id === undefined) return;
  const mark = lostAt === undefined ? '' : UNKNOWN;
  await deps.runner.onMigration('mark-attempts', migrationId, [UNSETTLED, mark, authorArg()]);
}
