import type { Logger } from '@loom/ports';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { numberAt, textAt, type ScriptRunner } from './script-runner';

export interface RunPlacesDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
  logger?: Logger | undefined;
}

/** Places among the running candidates of all migrations, while their number is limited. */
export interface RunPlaces {
  /** Before a reservation: `full` where it must not be made. Names the lease, if one was needed. */
  take: (migrationId: string, nonce: string) => Promise<'full' | { lease?: string }>;
  /** Gives back a lease whose reservation was not made. Never rejects: where it fails, the reconciliation ends the lease. */
  giveBack: (lease: string) => Promise<void>;
}

/** A reservation is made or refused within seconds of its lease. */
const GRACE_SECONDS = 30;

export function createRunPlaces({ redis, runner, keys, logger }: RunPlacesDeps): RunPlaces {
  return {
    async take(migrationId, nonce) {
      const lease = leaseOf(migrationId, nonce);
      const names = [keys.allTotals, keys.controls, keys.leases];
      const outcome = textAt(await runner.onKeys('lease', names, [lease]), 0);
      if (outcome === 'full') return 'full';
      return outcome === 'taken' ? { lease } : {};
    },

    async giveBack(lease) {
      try {
        await guarded(redis, () => redis.zrem(keys.leases, lease));
      } catch (error) {
        const [migrationId] = lease.split(' ');
        logger?.warn('a place among what is running could not be given back', {
          migrationId,
          reason: String(error),
        });
      }
    },
  };
}

/** Now, by the clock that leases are dated with, in seconds. */
export async function leaseTime(redis: RedisClient): Promise<number> {
  const [seconds] = await guarded(redis, () => redis.time());
  return Number(seconds);
}

/** Removes the leases that crashes left behind, of migrations whose summaries were read from `since` on and taken over. */
export async function endLeases(
  { runner, keys }: Pick<RunPlacesDeps, 'runner' | 'keys'>,
  since: number,
  migrationIds: readonly string[],
): Promise<number> {
  return numberAt(
    await runner.onKeys('end-leases', [keys.leases], [since, GRACE_SECONDS, ...migrationIds]),
    0,
  );
}

/** An id holds no space. */
function leaseOf(migrationId: string, nonce: string): string {
  return `${migrationId} ${nonce}`;
}
