import { Cluster, Redis } from 'ioredis';
import { createOutageLog, type Logger } from '@loom/ports';
import { limitCalls, type RedisClient } from './guard';

export interface RedisConnection {
  /** `host:port`; of a cluster, some nodes separated by commas. */
  addr: string;
  password?: string | undefined;
  username?: string | undefined;
  cluster?: boolean;
  tls?: boolean;
  /** Longest time for one call, in ms; how long connecting may take, too. */
  callTimeoutMs?: number;
  logger?: Logger;
}

const CALL_TIMEOUT_MS = 2000;
/**
 * A connection that has said nothing for so many times as long is dropped. ioredis counts standstills of this process,
 * too; `guarded` does not, so this is longer than any call. For the same reason its `commandTimeout` is not used.
 */
const SILENT_TIMES = 3;
/** Never gives up, and is back at most a second after Redis is. */
const RETRY_MOST_MS = 1000;

/**
 * A client that connects with its first command, and again by itself whenever Redis comes back. It queues nothing
 * while away and repeats nothing by itself: a script whose answer was lost may have run.
 */
export function connectRedis(connection: RedisConnection): RedisClient {
  const { addr, password, username, tls, cluster, callTimeoutMs = CALL_TIMEOUT_MS } = connection;
  const retry = (times: number) => Math.min(25 * 2 ** Math.min(times, 6), RETRY_MOST_MS);
  const shared = {
    ...(password === undefined ? {} : { password }),
    ...(username === undefined ? {} : { username }),
    ...(tls === true ? { tls: {} } : {}),
    connectTimeout: callTimeoutMs,
    socketTimeout: SILENT_TIMES * callTimeoutMs,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 1,
    connectionName: 'loom',
  };
  const nodes = addr.split(',').map(hostAndPort);
  const client = cluster
    ? new Cluster(nodes, {
        lazyConnect: true,
        enableOfflineQueue: false,
        clusterRetryStrategy: retry,
        retryDelayOnFailover: 0,
        slotsRefreshTimeout: callTimeoutMs,
        redisOptions: shared,
      })
    : new Redis({
        ...nodes[0],
        ...shared,
        lazyConnect: true,
        enableOfflineQueue: false,
        retryStrategy: retry,
      });
  limitCalls(client, callTimeoutMs);
  tellOutages(client, connection);
  return client;
}

/** A client tells of each failed try to connect; the log has one line for all of an outage. */
function tellOutages(client: RedisClient, { addr, logger }: RedisConnection): void {
  let reason: string | undefined;
  // ioredis prints what nobody listens to.
  client.on('error', (error: Failure) => (reason = reasonOf(error)));
  if (logger === undefined) return;
  const remedy = 'start Redis there, or correct REDIS_ADDR and REDIS_PASSWORD';
  const outage = createOutageLog({ logger, what: 'redis', address: addr, remedy });
  // Follows only what was not our own end of the connection.
  client.on('reconnecting', () => outage.failed(reason ?? 'the connection was closed'));
  client.on('ready', () => {
    reason = undefined;
    outage.worked();
  });
}

interface Failure {
  name: string;
  message: string;
  /** Of a name with several addresses: what each try met. */
  errors?: readonly Failure[];
  /** Of a cluster: what the last try of a node met. */
  lastNodeError?: Failure;
}

/** The words that say most: an error that gathers others has none of its own, or general ones. */
function reasonOf(error: Failure): string {
  const inner = error.lastNodeError ?? error.errors?.at(-1);
  if (inner !== undefined) return reasonOf(inner);
  return error.message === '' ? error.name : error.message;
}

function hostAndPort(addr: string): { host: string; port: number } {
  const at = addr.lastIndexOf(':');
  if (at < 1) return { host: addr, port: 6379 };
  return { host: addr.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(addr.slice(at + 1)) };
}
