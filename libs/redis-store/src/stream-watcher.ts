import { DependencyUnavailableError } from '@loom/domain';
import { patientTimer } from '@loom/ports';
import { Cluster } from 'ioredis';
import type { RedisClient } from './guard';

export interface StreamWatcher {
  /** Resolves once news of `channel` cannot be missed any more. */
  watch: (channel: string) => Promise<Watch>;
  close: () => void;
}

export interface Watch {
  /** Resolves with the next news since `watch` or the last call, after `waitMs`, or when `signal` aborts. */
  next: (waitMs: number, signal: AbortSignal) => Promise<void>;
  end: () => void;
}

/** Time for the subscription to be confirmed. */
const SUBSCRIBE_MS = 2000;
/** A stream that nobody has watched for so long is no longer subscribed to; a reader comes back much sooner. */
const IDLE_MS = 30_000;

interface Channel {
  ready: Promise<unknown>;
  watches: Set<() => void>;
  idle?: NodeJS.Timeout;
}

/**
 * One connection a process on which Redis tells of new stream entries, shared by all readers. XREAD BLOCK would need
 * a connection for each hash slot of a cluster, and would have to be broken off for every new reader.
 */
export function createStreamWatcher(redis: RedisClient): StreamWatcher {
  const channels = new Map<string, Channel>();
  let connection: RedisClient | undefined;

  function subscriber(): RedisClient {
    if (connection !== undefined) return connection;
    connection = subscriberOf(redis);
    // A failure shows as a subscription that is not confirmed, or as readers that look again by themselves.
    connection.on('error', () => undefined);
    connection.on('message', (channel: string) => wake(channel));
    connection.on('ready', () => [...channels.keys()].forEach(wake));
    return connection;
  }

  function wake(channel: string): void {
    for (const watch of channels.get(channel)?.watches ?? []) watch();
  }

  function open(name: string): Channel {
    const known = channels.get(name);
    if (known !== undefined) return known;
    const ready = confirmed(subscriber().subscribe(name));
    const channel: Channel = { ready, watches: new Set() };
    channels.set(name, channel);
    // The next reader tries again.
    ready.catch(() => channels.delete(name));
    return channel;
  }

  function leave(name: string, channel: Channel, watch: () => void): void {
    channel.watches.delete(watch);
    if (channel.watches.size > 0 || channels.get(name) !== channel) return;
    clearTimeout(channel.idle);
    channel.idle = setTimeout(() => {
      if (channel.watches.size > 0 || channels.get(name) !== channel) return;
      channels.delete(name);
      subscriber()
        .unsubscribe(name)
        .catch(() => undefined);
    }, IDLE_MS).unref();
  }

  return {
    async watch(name) {
      const channel = open(name);
      let hasNews = false;
      let onNews: (() => void) | undefined;
      const watch = () => {
        hasNews = true;
        onNews?.();
      };
      channel.watches.add(watch);
      try {
        await channel.ready;
      } catch (error) {
        leave(name, channel, watch);
        throw error;
      }
      const next = (waitMs: number, signal: AbortSignal) =>
        new Promise<void>((resolve) => {
          const settle = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', settle);
            onNews = undefined;
            hasNews = false;
            resolve();
          };
          const timer = setTimeout(settle, waitMs);
          signal.addEventListener('abort', settle);
          onNews = settle;
          if (hasNews || signal.aborted) settle();
        });
      return { next, end: () => leave(name, channel, watch) };
    },

    close() {
      for (const { idle } of channels.values()) clearTimeout(idle);
      channels.clear();
      connection?.disconnect();
      connection = undefined;
    },
  };
}

/** A client of its own that queues subscriptions until it is connected, and renews them when it is again. */
function subscriberOf(redis: RedisClient): RedisClient {
  if (redis instanceof Cluster) return redis.duplicate([], { enableOfflineQueue: true });
  return redis.duplicate({
    enableOfflineQueue: true,
    maxRetriesPerRequest: null,
    // Silence is normal on this connection.
    socketTimeout: undefined,
    connectionName: 'loom-streams',
  });
}

async function confirmed(subscription: Promise<unknown>): Promise<void> {
  let end = (): void => undefined;
  const late = new Promise<never>((_, reject) => {
    end = patientTimer(SUBSCRIBE_MS, () => {
      reject(new Error('not confirmed in time'));
    });
  });
  try {
    await Promise.race([subscription, late]);
  } catch (error) {
    subscription.catch(() => undefined);
    throw new DependencyUnavailableError('store', `redis cannot be subscribed to: ${String(error)}`, true);
  } finally {
    end();
  }
}
