import {
  createLogger,
  createReadiness,
  createShutdown,
  listen,
  loadConfig,
  resolveCallbackKeys,
} from '@loom/platform';
import type { Telemetry } from '@loom/platform/telemetry';
import { createApp } from './app';
import { environment } from './config';
import { createDependencies } from './dependencies';
import { createService } from './service/service';

/** The api, from its environment to its end. */
export async function start(telemetry: Telemetry): Promise<void> {
  const config = loadConfig(environment);
  const { keys, warning } = resolveCallbackKeys({ host: config.LOOM_HOST, keys: config.LOOM_CALLBACK_KEYS });
  const logger = createLogger({
    level: config.LOOM_LOG_LEVEL,
    format: config.LOOM_LOG_FORMAT,
    service: 'api',
    more: telemetry.logFields,
  });
  if (warning !== undefined) logger.warn(warning);
  const shutdown = createShutdown({ logger });
  telemetry.logTo(logger);
  shutdown.onShutdown('telemetry', telemetry.close);

  const { service, probes, close } = createDependencies(config, {
    keys,
    logger,
    tracing: telemetry.tracing,
  });
  shutdown.onShutdown('stores', close.stores);
  shutdown.onShutdown('temporal', close.temporal);
  shutdown.onShutdown('migrator connections', close.agent);

  const { stopping } = shutdown;
  const readiness = createReadiness(probes, { stopping });
  const app = createApp({
    service: createService(service),
    readiness,
    logger,
    stopping,
    streams: { mostStreams: config.LOOM_SSE_MAX, mostPerClient: config.LOOM_SSE_MAX_PER_CLIENT },
  });
  const listener = await listen(app, { host: config.LOOM_HOST, port: config.PORT });
  shutdown.onShutdown('http', listener.close);
  // Nobody may ask for hours; an address that is wrong is told now.
  void readiness();
  logger.info('listening', { host: listener.host, port: listener.port });
}
