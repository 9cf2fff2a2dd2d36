import { Redis } from 'ioredis';
import type { HealthProbe, Logger } from '@loom/ports';

/** Milliseconds after which a command on a silent connection fails instead of hanging. */
const COMMAND_TIMEOUT_MS = 5_000;
const MAX_RECONNECT_MS = 2_000;

export interface RedisOptions {
  host: string;
  port: number;
  password?: string;
  logger: Logger;
}

/** A connection that reconnects for ever; commands meanwhile fail after a while, and never wait without end. */
export function createRedis({ host, port, password, logger }: RedisOptions): Redis {
  const redis = new Redis({
    host,
    port,
    ...(password === undefined ? {} : { password }),
    commandTimeout: COMMAND_TIMEOUT_MS,
    maxRetriesPerRequest: 2,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_MS),
  });
  let away = false;
  redis.on('error', (error: Error) => {
    if (!away) logger.warn('redis is away', { error: error.message });
    away = true;
  });
  redis.on('ready', () => {
    if (away) logger.info('redis is back');
    away = false;
  });
  return redis;
}

/** Asks Redis for a sign of life. */
export function redisProbe(redis: Redis): HealthProbe {
  return {
    name: 'redis',
    check: async () => {
      await redis.ping();
    },
  };
}
