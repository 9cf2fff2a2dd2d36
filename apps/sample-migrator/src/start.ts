import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { createLogger, createShutdown, listen } from '@loom/platform';
import type { Telemetry } from '@loom/platform/telemetry';
import { noTracing } from '@loom/ports';
import { readConfig } from './config';
import { createOctokitForge } from './forge/octokit-forge';
import { createQuota } from './forge/quota';
import { createTokenLog } from './forge/token-refusal';
import { createGitRepositories } from './git/git-repositories';
import { createGitRunner } from './git/git-runner';
import { createProcessDirectory } from './git/process-directory';
import { createRepositoryCache } from './git/repository-cache';
import { createLoomClient } from './loom/loom-client';
import { startMigrator } from './migrator';
import { createRedis, redisProbe } from './redis-store/connection';
import { createRedisOutbox } from './redis-store/redis-outbox';
import { createRedisWorkStore } from './redis-store/redis-work-store';

/** One git command, one request to the forge, one request to Loom: how long each may take. */
const TIMEOUTS = { gitMs: 120_000, forgeMs: 20_000, loomMs: 5_000 };
const CLONES = { maxRepositories: 64, maxFetches: 500 };

/** The sample migrator, from its environment to its end. */
export async function start(telemetry: Telemetry): Promise<void> {
  const config = readConfig();
  const logger = createLogger({ ...config.log, service: 'sample-migrator', more: telemetry.logFields });
  const shutdown = createShutdown({ logger });
  telemetry.logTo(logger);
  shutdown.onShutdown('telemetry', telemetry.close);
  const now = (): number => Date.now();

  const redis = await createRedis({ ...config.redis, logger });
  shutdown.onShutdown('redis', () => redis.disconnect());
  const store = createRedisWorkStore(redis, config.redis.prefix);
  const outbox = createRedisOutbox(redis, config.redis.prefix);

  const { apiUrl, gitBase, token } = config.forge;
  const retry = { attempts: 4, maxWaitMs: 90_000, wait: (ms: number) => wait(ms), now };
  const quota = createQuota();
  const forge = createOctokitForge({
    ...{ apiUrl, token, retry, timeoutMs: TIMEOUTS.forgeMs },
    tokenLog: createTokenLog(logger, 'the forge', apiUrl),
    quota,
  });

  const own = await createProcessDirectory(join(config.workDirectory, 'clones'));
  shutdown.onShutdown('clones', own.remove);
  const environment = config.gitEnvironment;
  const git = createGitRunner({
    token,
    gitBase,
    environment,
    home: own.path,
    timeoutMs: TIMEOUTS.gitMs,
    tokenLog: createTokenLog(logger, 'git on the forge', gitBase),
  });
  const remoteUrl = (repo: string): string => `${gitBase}/${repo}.git`;
  const cache = createRepositoryCache({ git, directory: own.path, remoteUrl, ...CLONES });
  const repositories = createGitRepositories({ git, cache, author: config.author });

  const loom = createLoomClient({ ...config.loom, timeoutMs: TIMEOUTS.loomMs, now, logger });
  const probes = [
    redisProbe(redis),
    { name: 'forge', check: () => forge.ping() },
    { name: 'loom', check: () => loom.ping() },
  ];
  const { stopping } = shutdown;
  const migrator = startMigrator(config, {
    store,
    outbox,
    forge,
    quota,
    repositories,
    loom,
    probes,
    logger,
    tracing: telemetry.tracing ?? noTracing,
    stopping,
  });
  shutdown.onShutdown('migrator', () => migrator.stop());

  const listener = await listen(migrator.app, { host: config.host, port: config.port });
  shutdown.onShutdown('http', listener.close);
  logger.info('listening', {
    host: listener.host,
    port: listener.port,
    forge: apiUrl,
    loom: config.loom.url,
  });
  migrator.discoverFromNowOn();
}
