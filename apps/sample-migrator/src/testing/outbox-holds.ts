import type { Redis } from 'ioredis';

const WAIT_MS = 20_000;
const MESSAGES = 'migrator:{app-chart-migrator}:outbox:messages';

/** Resolves when an event of that status is in the outbox of a running migrator. */
export async function outboxHolds(redis: Redis, status: string): Promise<void> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const messages = await redis.hvals(MESSAGES);
    if (messages.some((text) => text.includes(`"status":"${status}"`))) return;
    if (Date.now() > deadline) throw new Error(`no ${status} in the outbox`);
  }
}
