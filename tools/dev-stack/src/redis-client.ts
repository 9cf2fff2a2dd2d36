import { once } from 'node:events';
import { connect } from 'node:net';
import { Redis } from 'ioredis';
import { type HostPort } from './address';
import { waitUntil } from './wait';

const PING_LIMIT_MS = 2_000;
const COMMAND_LIMIT_MS = 5_000;

/**
 * The first line a Redis answers to PING: `+PONG`, or an error such as `-NOAUTH …` or `-LOADING …`.
 * @throws Error when nothing answers within two seconds.
 */
export async function pingRedis({ host, port }: HostPort): Promise<string> {
  const socket = connect({ host, port });
  socket.setEncoding('utf8');
  try {
    socket.write('PING\r\n');
    const [reply] = (await once(socket, 'data', { signal: AbortSignal.timeout(PING_LIMIT_MS) })) as [string];
    return reply.split('\r\n', 1)[0] ?? '';
  } finally {
    socket.on('error', () => undefined);
    socket.destroy();
  }
}

/** Whether a Redis is there, be it one that wants a password first. */
export async function redisAnswers(address: HostPort): Promise<boolean> {
  return pingRedis(address).then(
    (line) => /^\+PONG|^-NOAUTH|^-LOADING/.test(line),
    () => false,
  );
}

/** Runs `work` with one connection, which is closed afterwards. */
export async function withRedis<T>(port: number, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    retryStrategy: () => null,
    commandTimeout: COMMAND_LIMIT_MS,
    maxRetriesPerRequest: 0,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

const ON_DISK_LIMIT_MS = 10_000;

/**
 * Waits until what was written so far is in the append-only file. Synced each second, Redis answers before it writes
 * whenever a sync is under way: a kill -9 then loses up to two seconds, and a test that kills must not count on more.
 */
export async function redisOnDisk(port: number): Promise<void> {
  const onDisk = async () => {
    const info = await withRedis(port, (redis) => redis.info('persistence'));
    return /^aof_buffer_length:0\r?$/m.test(info) && /^aof_pending_bio_fsync:0\r?$/m.test(info);
  };
  await waitUntil('the append-only file is written', onDisk, { timeoutMs: ON_DISK_LIMIT_MS });
}
