/** First upper bound of a wait before a reconnect, unless the server's `retry` says another. */
const BASE_MS = 1_000;
/** No wait grows beyond this by backoff alone: an operator looks at a stale page for half a minute at most. */
const MAX_MS = 30_000;

/**
 * Milliseconds to wait before try `failures` + 1: between half of and the whole of a bound that doubles with each
 * failure, so that the consoles which an api's restart cut off do not come back in one moment.
 */
export function reconnectDelay(
  failures: number,
  options: { baseMs?: number; atLeastMs?: number; random?: () => number } = {},
): number {
  const { baseMs = BASE_MS, atLeastMs = 0, random = Math.random } = options;
  const bound = Math.min(baseMs * 2 ** Math.max(0, failures - 1), Math.max(MAX_MS, baseMs));
  return Math.max(atLeastMs, bound / 2 + (bound / 2) * random());
}

/** Milliseconds in a `Retry-After` of whole seconds; 0 for none, or a form that Loom does not send. */
export function retryAfterMs(header: string | null): number {
  return header !== null && /^\d+$/.test(header) ? Number(header) * 1_000 : 0;
}

/** Waits; ends early, without an error, when `signal` aborts. */
export function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const finish = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal.addEventListener('abort', finish);
  });
}
