/** Which migrators were slow lately, so that they are not called from inside a workflow task. */
export interface SlowEndpoints {
  has(url: string): boolean;
  /** Notes how long an answer took, in ms. */
  saw(url: string, tookMs: number): void;
}

/** An answer above this would hold up its workflow task (and the signals behind it) too long. */
const SLOW_MS = 800;
/** How long a slow migrator goes straight to regular activities. */
const REMEMBER_MS = 60_000;
/** Migrators are few; the bound only keeps a hostile announcer from filling memory. */
const MAX_REMEMBERED = 1000;

/** Remembers per worker process; another worker learns for itself. */
export function createSlowEndpoints(nowMs: () => number = Date.now): SlowEndpoints {
  const until = new Map<string, number>();
  return {
    has: (url) => (until.get(url) ?? 0) > nowMs(),
    saw(url, tookMs) {
      if (tookMs < SLOW_MS) return;
      until.delete(url);
      until.set(url, nowMs() + REMEMBER_MS);
      const oldest = until.keys().next();
      if (until.size > MAX_REMEMBERED && oldest.done !== true) until.delete(oldest.value);
    },
  };
}
