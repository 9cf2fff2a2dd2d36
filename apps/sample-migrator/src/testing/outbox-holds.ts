import type { Redis } from 'ioredis';

const WAIT_MS = 20_000;

/** Resolves when an event of that status is in the outbox of a running migrator, whose keys begin with `prefix`. */
export async function outboxHolds(redis: Redis, prefix: string, status: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const messages = await redis.hvals(`${prefix}outbox:messages`);
    if (messages.some((text) => text.includes(`"status":"${status}"`))) return;
    if (Date.now() > deadline) throw new Error(`no ${status} in the outbox`);
  }
}
