import {
  createLogger,
  createReadiness,
  createShutdown,
  listen,
  loadConfig,
  main,
  resolveCallbackKeys,
} from '@loom/platform';
import { createApp } from './app';
import { environment } from './config';
import { createDependencies } from './dependencies';
import { createService } from './service/service';

await main(async () => {
  const config = loadConfig(environment);
  const { keys, warning } = resolveCallbackKeys({ host: config.LOOM_HOST, keys: config.LOOM_CALLBACK_KEYS });
  const logger = createLogger({
    level: config.LOOM_LOG_LEVEL,
    format: config.LOOM_LOG_FORMAT,
    service: 'api',
  });
  if (warning !== undefined) logger.warn(warning);
  const shutdown = createShutdown({ logger });

  const { service, probes, close } = createDependencies(config, keys, logger);
  shutdown.onShutdown('stores', close.stores);
  shutdown.onShutdown('temporal', close.temporal);
  shutdown.onShutdown('migrator connections', close.agent);

  const { stopping } = shutdown;
  const app = createApp({
    service: createService(service),
    readiness: createReadiness(probes, { stopping }),
    logger,
    stopping,
  });
  const listener = await listen(app, { host: config.LOOM_HOST, port: config.PORT });
  shutdown.onShutdown('http', listener.close);
  logger.info('listening', { host: listener.host, port: listener.port });
});
