import { MemoryLogger } from '@loom/ports/memory';
import type { HealthProbe } from '@loom/ports';
import { createReadiness } from '@loom/platform';
import { createApp, type AppDeps } from '../app';
import type { ServiceDeps } from '../service/deps';
import { apiOf } from './api-client';
import { withOracle } from './contract-oracle';
import { createWorld } from './world';

export interface HttpWorldOptions {
  deps?: Partial<ServiceDeps>;
  probes?: HealthProbe[];
  app?: Partial<AppDeps>;
}

/** A world behind HTTP, every answer of which is held against the contract: expect `broken` to be empty. */
export function createHttpWorld({ deps, probes = [], app: over }: HttpWorldOptions = {}) {
  const world = createWorld(deps);
  const logger = new MemoryLogger();
  const stopping = new AbortController();
  const app = createApp({
    service: world.service,
    readiness: createReadiness(probes, { cacheMs: 0, stopping: stopping.signal }),
    logger,
    stopping: stopping.signal,
    ...over,
  });
  const oracle = withOracle(app);
  return { ...world, ...oracle, bare: app, logger, stopping, api: apiOf(oracle.app) };
}
