import { fileURLToPath } from 'node:url';
import express from 'express';
import {
  createLogger,
  createShutdown,
  createReadiness,
  healthRoutes,
  listen,
  loadConfig,
  metricsRoute,
} from '@loom/platform';
import type { Telemetry } from '@loom/platform/telemetry';
import { identifyStore, type Logger } from '@loom/ports';
import { temporalProbe } from '@loom/temporal-engine';
import { environment } from './config';
import { createDependencies } from './dependencies';
import { keepRunning } from './keep-running';
import { ensureReconcileSchedule } from './schedule';
import { installRuntime } from './sdk-log';
import { createRunWorker } from './worker';

/** So that a new store need not wait for the first tick. What fails here is done by that, or by the first start. */
async function nameStore(identity: Parameters<typeof identifyStore>[0], logger: Logger): Promise<void> {
  try {
    await identifyStore(identity);
  } catch (error) {
    logger.warn('the store could not be identified yet', { error });
  }
}

/** The worker, from its environment to its end. */
export async function start(telemetry: Telemetry): Promise<void> {
  const config = loadConfig(environment);
  const logger = createLogger({
    level: config.LOOM_LOG_LEVEL,
    format: config.LOOM_LOG_FORMAT,
    service: 'orchestrator-worker',
    more: telemetry.logFields,
  });
  const shutdown = createShutdown({ logger, graceMs: config.LOOM_SHUTDOWN_GRACE + 10_000 });
  telemetry.logTo(logger);
  shutdown.onShutdown('telemetry', telemetry.close);
  installRuntime(logger);

  const { closeStores, agent, metrics, temporal, identity, activities, probes } = createDependencies(config, {
    logger,
    tracing: telemetry.tracing,
  });
  shutdown.onShutdown('stores', closeStores);
  shutdown.onShutdown('migrator connections', () => agent.close());
  shutdown.onShutdown('temporal client', () => temporal.close());

  const app = express()
    .disable('x-powered-by')
    .use(healthRoutes(probes, { stopping: shutdown.stopping }), metricsRoute(metrics));
  const listener = await listen(app, { host: config.LOOM_HOST, port: config.PORT });
  shutdown.onShutdown('health endpoints', (signal) => listener.close(signal));

  const taskQueue = config.LOOM_TASK_QUEUE;
  const running = keepRunning({
    address: config.TEMPORAL_HOSTPORT,
    logger,
    stopping: shutdown.stopping,
    look: () => temporalProbe(temporal.client).check(),
    onConnected: async () => {
      await ensureReconcileSchedule(temporal.client, taskQueue, config.LOOM_RECONCILE_INTERVAL);
      await nameStore(identity, logger);
    },
    create: (connection) =>
      createRunWorker({
        connection,
        namespace: config.TEMPORAL_NAMESPACE,
        taskQueue,
        activities,
        workflowBundle: { codePath: fileURLToPath(new URL('workflow-bundle.js', import.meta.url)) },
        shutdownGraceMs: config.LOOM_SHUTDOWN_GRACE,
        tracing: telemetry.tracing,
      }),
  });
  shutdown.onShutdown('worker', () => running);
  // Nobody may ask for hours; an address that is wrong is told now.
  void createReadiness(probes)();
  logger.info('started', { port: listener.port, taskQueue });
}
