import { MigrationNotFoundError, type AuditContext } from '@loom/domain';
import { pauseBy, type ControlStore } from '@loom/ports';
import { authorArg } from './audit-codec';
import type { Mutator } from './deriver';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { decodeLimit, decodePause, millis } from './records';
import type { ScriptRunner } from './script-runner';

export interface ControlStoreDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  mutator: Mutator;
  keys: Keys;
}

/** What operators hold back: of one migration beside its counts, of all of them in a hash of its own. */
export function createRedisControlStore({ redis, runner, mutator, keys }: ControlStoreDeps): ControlStore {
  const allKeys = [keys.controls, keys.allAudit];
  async function change(
    name: string,
    migrationId: string,
    at: string,
    args: (string | number)[],
    by?: AuditContext,
  ): Promise<void> {
    const [outcome] = await mutator.mutate(name, migrationId, at, ['', ...args], authorArg(by));
    if (outcome === 'unknown') throw new MigrationNotFoundError(migrationId);
  }
  async function changeAll(pause: string, at: string, by?: AuditContext): Promise<void> {
    await runner.onKeys('pause-all', allKeys, [pause, millis(at), authorArg(by)]);
  }
  return {
    async pause(scope, at, by) {
      const text = JSON.stringify(pauseBy(at, by));
      if (scope === 'all') await changeAll(text, at, by);
      else await change('pause', scope.migrationId, at, [text, ''], by);
    },

    async pauseAgain(migrationId, since, at, by) {
      const [pause, ended] = await guarded(redis, () => redis.hmget(keys.controls, 'pz', 'pe'));
      if (typeof pause === 'string' || Number(ended ?? -1) >= millis(since)) return;
      const args = [JSON.stringify(pauseBy(at, by)), millis(since)];
      await change('pause', migrationId, at, args, by);
    },

    async resume(scope, at, by) {
      if (scope === 'all') await changeAll('', at, by);
      else await change('resume', scope.migrationId, at, [], by);
    },

    async limit(scope, { maxRunning }, at, by) {
      const text = maxRunning === undefined ? '' : String(maxRunning);
      if (scope === 'all') await runner.onKeys('limit-all', allKeys, [text, authorArg(by)]);
      else await change('limit', scope.migrationId, at, [text], by);
    },

    async read() {
      const [[pause, limit], running] = await guarded(redis, () =>
        Promise.all([redis.hmget(keys.controls, 'pz', 'lim'), redis.hget(keys.allTotals, 'running')]),
      );
      const [paused, maxRunning] = [decodePause(pause), decodeLimit(limit)];
      return {
        ...(paused === undefined ? {} : { paused }),
        ...(maxRunning === undefined ? {} : { limits: { maxRunning } }),
        running: Number(running ?? 0),
      };
    },
  };
}
