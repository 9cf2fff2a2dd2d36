import { randomBytes, randomUUID } from 'node:crypto';
import { allowAll, createDryRunner, createEgressAgent, migratorUrlProblem } from '@loom/migrator-client';
import {
  createCallbackSigner,
  isLoopback,
  redisOptions,
  systemClock,
  type CallbackKey,
} from '@loom/platform';
import type { Logger, Tracing } from '@loom/ports';
import { connectRedis, createRedisStores, redisProbe } from '@loom/redis-store';
import {
  connectTemporal,
  createReconciler,
  createStoreMemory,
  createTemporalEngine,
  temporalProbe,
} from '@loom/temporal-engine';
import type { ApiConfig } from './config';
import type { ServiceDeps } from './service/deps';

/** 192 bits: no callback of another life of a run can be guessed. */
const NONCE_BYTES = 24;

export interface Surroundings {
  keys: readonly CallbackKey[];
  logger: Logger;
  tracing: Tracing | undefined;
}

/** The adapters that the use cases run on. None connects before it is used, and each comes back by itself. */
export function createDependencies(config: ApiConfig, { keys, logger, tracing }: Surroundings) {
  const redis = connectRedis({ ...redisOptions(config), logger });
  const stores = createRedisStores({ redis, logger });
  const temporal = connectTemporal({
    hostPort: config.TEMPORAL_HOSTPORT,
    namespace: config.TEMPORAL_NAMESPACE,
    logger,
    tracing,
  });
  const agent = createEgressAgent({ policy: allowAll });
  const service: ServiceDeps = {
    ...stores,
    engine: createTemporalEngine({ client: temporal.client, taskQueue: config.LOOM_TASK_QUEUE }),
    memory: createStoreMemory({ client: temporal.client, taskQueue: config.LOOM_TASK_QUEUE }),
    newId: randomUUID,
    reconciler: createReconciler({ client: temporal.client, taskQueue: config.LOOM_TASK_QUEUE }),
    dryRunner: createDryRunner({ agent }),
    signer: createCallbackSigner(keys),
    clock: systemClock,
    logger,
    anonymousMayReport: isLoopback(config.LOOM_HOST),
    newNonce: () => randomBytes(NONCE_BYTES).toString('base64url'),
    migratorUrlProblem,
  };
  const probes = [redisProbe(redis), temporalProbe(temporal.client)];
  const close = {
    stores: async () => {
      await stores.flush();
      stores.close();
      redis.disconnect();
    },
    temporal: () => temporal.close(),
    agent: () => agent.close(),
  };
  return { service, probes, close };
}
