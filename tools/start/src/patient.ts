import { setTimeout as pause } from 'node:timers/promises';
import { problemOf } from '@loom/api-types';

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3000;

/**
 * Repeats an idempotent call while Loom cannot be reached or answers 5xx or 429, as any client of it should; an
 * answer that says no is thrown at once.
 */
export async function patiently<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      return await call();
    } catch (error) {
      const status = problemOf(error)?.status;
      if (status !== undefined && status < 500 && status !== 429) throw error;
      if (signal.aborted) throw error;
      await pause(wait, undefined, { signal });
    }
  }
}

/** Makes an idempotent call, for which answers with these codes say that what it asks for is so already. */
export async function tolerating(codes: string[], call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!codes.includes(problemOf(error)?.code ?? '')) throw error;
  }
}

/** Works again and again, `everyMs` after each end, until the signal. What the work throws then is of no interest. */
export async function repeatedly(
  work: () => Promise<void>,
  everyMs: number,
  signal: AbortSignal,
): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    try {
      await work();
    } catch (error) {
      if (!isOver()) throw error;
    }
    // Unlike a listener of our own, it is taken off the signal after each pause.
    await pause(everyMs, undefined, { signal }).catch(() => undefined);
  }
}
