import { randomUUID } from 'node:crypto';
import { allowAll, createEgressAgent, createMigratorNotifier } from '@loom/migrator-client';
import {
  createCallbackSigner,
  createMetrics,
  redisOptions,
  resolveCallbackKeys,
  systemClock,
} from '@loom/platform';
import type { Logger, Tracing } from '@loom/ports';
import { connectRedis, createRedisStores, redisProbe } from '@loom/redis-store';
import {
  connectTemporal,
  createExecutionCatalog,
  createStoreMemory,
  createTemporalEngine,
  temporalProbe,
} from '@loom/temporal-engine';
import { createActivities } from './activities';
import { createSlowEndpoints } from './activities/slow-endpoints';
import type { WorkerConfig } from './config';

export interface Surroundings {
  logger: Logger;
  tracing: Tracing | undefined;
}

/** Every adapter of the worker, made of its configuration. */
export function createDependencies(config: WorkerConfig, { logger, tracing }: Surroundings) {
  const { keys, warning } = resolveCallbackKeys({ host: config.LOOM_HOST, keys: config.LOOM_CALLBACK_KEYS });
  if (warning !== undefined) logger.warn(warning);
  const redis = connectRedis({ ...redisOptions(config), logger });
  const stores = createRedisStores({ redis, logger });
  const temporal = connectTemporal({
    hostPort: config.TEMPORAL_HOSTPORT,
    namespace: config.TEMPORAL_NAMESPACE,
    logger,
    tracing,
  });
  const agent = createEgressAgent({ policy: allowAll });
  const metrics = createMetrics();
  const memory = createStoreMemory({ client: temporal.client, taskQueue: config.LOOM_TASK_QUEUE });
  const identity = { recovery: stores.recovery, memory, newId: randomUUID };
  const activities = createActivities({
    ...stores,
    notifier: createMigratorNotifier({ agent }),
    signer: createCallbackSigner(keys),
    engine: createTemporalEngine({ client: temporal.client, taskQueue: config.LOOM_TASK_QUEUE }),
    catalog: createExecutionCatalog({ client: temporal.client, taskQueue: config.LOOM_TASK_QUEUE }),
    ...identity,
    slow: createSlowEndpoints(),
    clock: systemClock,
    logger,
    metrics,
    staleAfterMs: { in_progress: config.LOOM_STALE_AFTER, open: config.LOOM_STALE_OPEN_AFTER },
    settings: {
      dispatchBudgetMs: config.LOOM_DISPATCH_BUDGET,
      continueAsNewEvents: config.LOOM_CONTINUE_AS_NEW_EVENTS,
    },
    ...(config.LOOM_PUBLIC_URL === undefined ? {} : { publicUrl: config.LOOM_PUBLIC_URL }),
  });
  /** What is written in the background goes first. */
  const closeStores = async (): Promise<void> => {
    await stores.flush();
    stores.close();
    redis.disconnect();
  };
  return {
    closeStores,
    agent,
    metrics,
    temporal,
    identity,
    activities,
    probes: [redisProbe(redis), temporalProbe(temporal.client)],
  };
}
