import type { HealthProbe } from '@loom/ports';
import { createReadiness } from '@loom/platform';
import { createApp, type AppDeps } from '../app';
import type { ServiceDeps } from '../service/deps';
import { apiOf } from './api-client';
import { withOracle } from './contract-oracle';
import { M, createWorld } from './world';

export interface HttpWorldOptions {
  deps?: Partial<ServiceDeps>;
  probes?: HealthProbe[];
  app?: Partial<AppDeps>;
}

/** A world behind HTTP, every answer of which is held against the contract: expect `broken` to be empty. */
export function createHttpWorld({ deps, probes = [], app: over }: HttpWorldOptions = {}) {
  const world = createWorld(deps);
  const { logger } = world;
  const stopping = new AbortController();
  const app = createApp({
    service: world.service,
    readiness: createReadiness(probes, { cacheMs: 0, stopping: stopping.signal }),
    logger,
    stopping: stopping.signal,
    ...over,
  });
  const oracle = withOracle(app);
  return { ...world, ...oracle, bare: app, stopping, api: apiOf(oracle.app) };
}

/** Makes worlds, and expects after each test that all they answered fitted the contract. Call it outside of tests. */
export function contractWorlds() {
  const worlds: ReturnType<typeof createHttpWorld>[] = [];
  afterEach(() => {
    for (const { broken } of worlds.splice(0)) expect(broken).toEqual([]);
  });
  return (options: HttpWorldOptions = {}) => {
    const world = createHttpWorld(options);
    worlds.push(world);
    return world;
  };
}

/** A world whose migration has the candidates c1 and c2, with short ways to what an operator does to them. */
export async function runWorld(
  world: ReturnType<typeof createHttpWorld>,
  over: Parameters<ReturnType<typeof createHttpWorld>['announce']>[0] = {},
) {
  await world.announce(over, [{ id: 'c1' }, { id: 'c2' }]);
  const post = (action: string, body?: object, candidate = 'c1') => {
    const request = world.api.post(`/migrations/${M}/candidates/${candidate}/${action}`);
    return body === undefined ? request : request.send(body);
  };
  const failStep = async () => {
    await world.start('c1');
    await world.worker.begin('c1');
    await world.worker.project('c1', 0, { status: 'failed', attempt: 1 });
  };
  return { ...world, post, failStep };
}
