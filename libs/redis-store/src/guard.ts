import type { Cluster, Redis } from 'ioredis';
import { DependencyUnavailableError, DomainError } from '@loom/domain';
import { inTime, patientTimer } from '@loom/ports';

export type RedisClient = Redis | Cluster;

/** How long a call waits for a connection that is being made. */
const CONNECT_WAIT_MS = 500;
/** How long it then waits for its answer, where `limitCalls` says nothing else. */
const CALL_MS = 2000;

const limits = new WeakMap<RedisClient, number>();

/** Bounds every later `guarded` call on `redis` to `ms`. */
export function limitCalls(redis: RedisClient, ms: number): void {
  limits.set(redis, ms);
}

/** Redis says that it did nothing: it is starting, full, without a quorum, read-only, or does not let us in. */
const TURNED_AWAY =
  /^(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|READONLY|OOM|MISCONF|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM|LOOMTORN)\b/;
/** Redis refused a command or a script failed: our own mistake, nothing that waiting heals. */
const OUR_MISTAKE = /^(ERR|WRONGTYPE|CROSSSLOT|EXECABORT)\b/;

/**
 * Runs `call` as soon as `redis` is connected. The one place where errors of ioredis become the domain's.
 * @throws DependencyUnavailableError `certain` when nothing was sent, or Redis said that it did nothing.
 */
export async function guarded<T>(redis: RedisClient, call: () => Promise<T>): Promise<T> {
  await whenReady(redis);
  try {
    return await inTime(call(), limits.get(redis) ?? CALL_MS);
  } catch (error) {
    throw translated(error);
  }
}

function translated(error: unknown): Error {
  if (error instanceof DomainError) return error;
  const cause = error instanceof Error ? error : new Error(String(error));
  if (OUR_MISTAKE.test(cause.message)) return new Error(`redis: ${cause.message}`, { cause });
  const certain = TURNED_AWAY.test(cause.message) || /enableOfflineQueue/.test(cause.message);
  return unavailable(`redis cannot be used: ${cause.message}`, certain, cause);
}

function unavailable(message: string, certain: boolean, cause?: Error): DependencyUnavailableError {
  return new DependencyUnavailableError(
    'store',
    message,
    certain,
    cause === undefined ? undefined : { cause },
  );
}

const waits = new WeakMap<RedisClient, Promise<void>>();

/** One wait is shared by all callers, so that an outage piles up neither timers nor listeners. */
function whenReady(redis: RedisClient): Promise<void> {
  if (redis.status === 'ready' && newNodes(redis).length === 0) return Promise.resolve();
  const running = waits.get(redis);
  if (running !== undefined) return running;
  const wait = connected(redis)
    .then(() => nodesConnected(redis))
    .finally(() => waits.delete(redis));
  waits.set(redis, wait);
  return wait;
}

/** Those that were waited for; one that does not connect must not hold up the calls to all others again. */
const knownNodes = new WeakSet<Redis>();

/** The nodes of a cluster that nobody has connected to: while ioredis does, it turns their other commands down. */
function newNodes(redis: RedisClient): Redis[] {
  const nodes = 'nodes' in redis ? redis.nodes('all') : [];
  return nodes.filter((node) => node.status !== 'ready' && !knownNodes.has(node));
}

/** Resolves when each new node is connected or given up, or when that has taken too long. */
async function nodesConnected(redis: RedisClient): Promise<void> {
  const settled = (node: Redis): Promise<void> =>
    new Promise((resolve) => {
      const done = () => {
        end();
        node.off('ready', done).off('close', done);
        knownNodes.add(node);
        resolve();
      };
      const end = patientTimer(CONNECT_WAIT_MS, done);
      node.once('ready', done).once('close', done);
      if (node.status === 'wait') node.connect().catch(() => undefined);
    });
  await Promise.all(newNodes(redis).map(settled));
}

function connected(redis: RedisClient): Promise<void> {
  if (redis.status === 'ready') return Promise.resolve();
  return new Promise((resolve, reject) => {
    const settle = (error?: Error) => {
      end();
      redis.off('ready', onReady);
      redis.off('end', onEnd);
      if (error === undefined) resolve();
      else reject(error);
    };
    const onReady = () => settle();
    const onEnd = () => settle(unavailable('the connection to redis was closed', true));
    const end = patientTimer(CONNECT_WAIT_MS, () => {
      settle(unavailable(`redis is not connected (${redis.status})`, true));
    });
    redis.once('ready', onReady);
    redis.once('end', onEnd);
    if (redis.status === 'end') onEnd();
    // The failure arrives as an event, and the client goes on trying.
    else if (redis.status === 'wait') redis.connect().catch(() => undefined);
  });
}
