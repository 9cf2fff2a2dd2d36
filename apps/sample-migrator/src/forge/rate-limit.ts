/** How often, and for how long, a refused request is tried again. */
export interface RetryPolicy {
  attempts: number;
  /** Longest single wait in milliseconds; a forge that asks for more is not waited for. */
  maxWaitMs: number;
  /** Resolves after `ms`; rejects when the app stops. */
  wait: (ms: number) => Promise<void>;
  now: () => number;
}

interface Failure {
  status: number;
  method: string;
  headers: Readonly<Record<string, string | number | undefined>>;
  message: string;
}

const BASE_WAIT_MS = 500;
/** GitHub asks for at least a minute where a secondary limit names no time. */
const SECONDARY_WAIT_MS = 60_000;

/**
 * Milliseconds to wait before `failure` is tried again; undefined where no repetition helps. A request that may have
 * had an effect (a POST that ended with 5xx) is not repeated: the caller looks first.
 */
export function retryDelay(failure: Failure, attempt: number, now: number): number | undefined {
  const { status, headers, method, message } = failure;
  const backoff = BASE_WAIT_MS * 2 ** attempt;
  const asked = askedFor(headers, now);
  if (status === 429) return asked ?? backoff;
  if (status === 403) {
    if (asked !== undefined) return asked;
    return /secondary rate limit|abuse detection/i.test(message) ? SECONDARY_WAIT_MS : undefined;
  }
  return status >= 500 && method === 'GET' ? (asked ?? backoff) : undefined;
}

function askedFor(headers: Failure['headers'], now: number): number | undefined {
  const after = headers['retry-after'];
  if (after !== undefined) {
    const seconds = Number(after);
    const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(String(after)) - now;
    return Number.isNaN(ms) ? undefined : Math.max(ms, 0);
  }
  const exhausted = Number(headers['x-ratelimit-remaining']) === 0;
  const reset = Number(headers['x-ratelimit-reset']);
  return exhausted && reset > 0 ? Math.max(reset * 1000 - now, 0) : undefined;
}

/** Runs `request` until it succeeds, may not be repeated, or the policy is used up. */
export async function withRetry<T>(
  policy: RetryPolicy,
  request: () => Promise<T>,
  failureOf: (error: unknown) => Failure | undefined,
): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await request();
    } catch (error) {
      const failure = failureOf(error);
      const delay = failure ? retryDelay(failure, attempt, policy.now()) : undefined;
      if (delay === undefined || attempt + 1 >= policy.attempts || delay > policy.maxWaitMs) throw error;
      await policy.wait(delay);
    }
  }
}
