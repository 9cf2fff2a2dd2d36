import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from './errors';

export interface WaitLimits {
  timeoutMs: number;
  everyMs?: number;
}

/**
 * Asks again until `ask` neither throws nor answers false.
 * @throws Error with the last failure, when `timeoutMs` have passed.
 */
export async function waitUntil(
  what: string,
  ask: () => Promise<unknown>,
  limits: WaitLimits,
): Promise<void> {
  const deadline = Date.now() + limits.timeoutMs;
  let last = 'it said no';
  for (;;) {
    try {
      if ((await ask()) !== false) return;
    } catch (error) {
      last = messageOf(error);
    }
    if (Date.now() >= deadline) {
      throw new Error(`${what}: not within ${limits.timeoutMs / 1000} s (last: ${last})`);
    }
    await delay(limits.everyMs ?? 50);
  }
}

/** `work`, or `otherwise()` when it takes longer than `timeoutMs`; the timer never keeps the process alive. */
export async function within<T>(timeoutMs: number, work: Promise<T>, otherwise: () => T): Promise<T> {
  const stop = new AbortController();
  const late = delay(timeoutMs, undefined, { ref: true, signal: stop.signal }).then(otherwise);
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    stop.abort();
  }
}
