import { UNREACHABLE_KEPT, type MigratorReach } from '@loom/ports';
import { decodeUnreachable, unreachableField } from './fleet-state';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import type { ScriptRunner } from './script-runner';

export interface MigratorReachDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
}

/** Beside what is set for all migrations: so they show it without a read of its own. */
export function createRedisMigratorReach({ redis, runner, keys }: MigratorReachDeps): MigratorReach {
  return {
    async lost(migratorApp, detail, at) {
      const args = [unreachableField(migratorApp), at, detail, UNREACHABLE_KEPT];
      await runner.onKeys('note-unreachable', [keys.controls], args);
    },

    async found(migratorApp) {
      await guarded(redis, () => redis.hdel(keys.controls, unreachableField(migratorApp)));
    },

    async of(migratorApp) {
      return decodeUnreachable(
        await guarded(redis, () => redis.hget(keys.controls, unreachableField(migratorApp))),
      );
    },
  };
}
