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
