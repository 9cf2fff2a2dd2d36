import type { Logger, Stores } from '@loom/ports';
import { createAuditDeriver } from './audit-deriver';
import { createMutator } from './deriver';
import type { RedisClient } from './guard';
import { createKeys } from './keys';
import { createRedisAuditStore } from './redis-audit-store';
import { createRedisAttentionQueue } from './redis-attention-queue';
import { createRedisCandidateStore } from './redis-candidate-store';
import { createRedisControlStore } from './redis-control-store';
import { createRedisEventStream } from './redis-event-stream';
import { createRedisHeldRuns } from './redis-held-runs';
import { createRedisMigrationStore } from './redis-migration-store';
import { createRedisMigratorReach } from './redis-migrator-reach';
import { createRedisRepairQueue } from './redis-repair-queue';
import { createRedisRunCensus } from './redis-run-census';
import { createRedisRunLedger } from './redis-run-ledger';
import { createRedisRunReader } from './redis-run-reader';
import { createRedisRunStore } from './redis-run-store';
import { createRedisStatisticsStore } from './redis-statistics-store';
import { createRedisStoreRecovery } from './redis-store-recovery';
import { createRunPlaces } from './run-places';
import { createScriptRunner } from './script-runner';
import { createStreamWatcher } from './stream-watcher';

export interface RedisStoresDeps {
  redis: RedisClient;
  /** First part of every key. */
  prefix?: string;
  /** About how many entries each stream holds. */
  streamLength?: number;
  logger?: Logger;
}

export interface RedisStores extends Stores {
  /** Resolves when lists and streams that span migrations tell every change made here so far, or could not. Never rejects. */
  flush: () => Promise<void>;
  /** Ends the connection that waits for news of streams; the client itself belongs to the caller. */
  close: () => void;
}

/** Every store port on one Redis or Redis Cluster. */
export function createRedisStores(deps: RedisStoresDeps): RedisStores {
  const { redis, prefix = 'loom', streamLength = 10_000, logger } = deps;
  const keys = createKeys(prefix);
  const runner = createScriptRunner(redis, keys);
  const audit = createAuditDeriver({ redis, runner, keys, logger });
  const mutator = createMutator({ runner, keys, streamLength, audit, logger });
  const watcher = createStreamWatcher(redis);
  const close = () => {
    redis.off('end', close);
    watcher.close();
  };
  redis.once('end', close);
  return {
    migrations: createRedisMigrationStore({ redis, runner, keys, audit, mutator }),
    reach: createRedisMigratorReach({ redis, runner, keys }),
    candidates: createRedisCandidateStore({ runner, mutator }),
    runs: createRedisRunStore({ runner, mutator, places: createRunPlaces({ redis, runner, keys, logger }) }),
    reader: createRedisRunReader({ runner }),
    ledger: createRedisRunLedger({ mutator }),
    repair: createRedisRepairQueue({ redis, runner, keys, mutator, audit, streamLength, logger }),
    census: createRedisRunCensus({ redis, runner, mutator, keys }),
    recovery: createRedisStoreRecovery({ redis, runner, keys, audit }),
    attention: createRedisAttentionQueue({ redis, runner, keys, mutator }),
    controls: createRedisControlStore({ redis, runner, mutator, keys }),
    held: createRedisHeldRuns({ redis, runner, keys }),
    events: createRedisEventStream({ redis, runner, keys, watcher }),
    audit: createRedisAuditStore({ redis, runner, keys, mutator }),
    statistics: createRedisStatisticsStore({ redis, runner, keys }),
    flush: mutator.flush,
    close,
  };
}
