import { Redis } from 'ioredis';
import { createOutageLog, type HealthProbe, type Logger } from '@loom/ports';
import { answered, COMMAND_MS } from './script';

const CONNECT_TIMEOUT_MS = 2_000;
/** A connection that swallows everything is dropped, not used for ever; ioredis counts standstills of ours, too. */
const SILENT_MS = 3 * COMMAND_MS;
const MAX_RECONNECT_MS = 1_000;

export interface RedisOptions {
  host: string;
  port: number;
  username?: string | undefined;
  password?: string | undefined;
  tls?: boolean;
  logger: Logger;
}

/**
 * A connection that reconnects for ever, and queues and repeats nothing while Redis is away: commands fail at once.
 * Resolves after the first try to connect, whatever became of it.
 */
export async function createRedis(options: RedisOptions): Promise<Redis> {
  const { host, port, username, password, logger } = options;
  const redis = new Redis({
    host,
    port,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(options.tls === true ? { tls: {} } : {}),
    connectTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENT_MS,
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, MAX_RECONNECT_MS),
  });
  const outage = createOutageLog({
    logger,
    what: 'redis',
    address: `${host}:${String(port)}`,
    remedy: 'start Redis there, or correct REDIS_ADDR and REDIS_PASSWORD',
  });
  let reason = 'the connection was closed';
  redis.on('error', (error: Error) => (reason = error.message || error.name));
  // Follows only what was not our own end of the connection.
  redis.on('reconnecting', () => outage.failed(reason));
  redis.on('ready', () => outage.worked());
  await redis.connect().catch(() => undefined);
  return redis;
}

/** Asks Redis for a sign of life. */
export function redisProbe(redis: Redis): HealthProbe {
  return {
    name: 'redis',
    check: async () => {
      await answered(() => redis.ping());
    },
  };
}
