import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { testRedisAddr } from '@loom/dev-stack';
import { splitHostPort } from '@loom/platform';
import { keyPrefix } from '../redis-store/script';

/** The Redis for tests, and key prefixes that nobody else has. */
export interface TestRedis {
  redis: Redis;
  /** `host:port` */
  address: string;
  prefix: () => string;
  /** Removes every key below the prefixes, and hangs up. */
  close: () => Promise<void>;
}

/** Connects; a Redis that does not answer, or that nobody named, fails the test at once. */
export async function connectTestRedis(): Promise<TestRedis> {
  const address = testRedisAddr();
  const redis = new Redis({ ...splitHostPort(address), lazyConnect: true, retryStrategy: () => null });
  await redis.connect();
  const prefixes: string[] = [];
  return {
    redis,
    address,
    prefix: () => {
      const prefix = keyPrefix(`test-${randomUUID()}`);
      prefixes.push(prefix);
      return prefix;
    },
    close: async () => {
      for (const prefix of prefixes) {
        const keys = await redis.keys(`${prefix}*`);
        if (keys.length > 0) await redis.unlink(...keys);
      }
      await redis.quit();
    },
  };
}
