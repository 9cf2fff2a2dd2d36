/** What a forge that counts requests said of how many more it takes. */
export interface Quota {
  /** Notes the headers of an answer; answers without such headers change nothing. */
  seen: (headers: Readonly<Record<string, string | number | undefined>>) => void;
  /** Until when (epoch milliseconds) what can wait should wait, so that steps find requests left. */
  scarceUntil: (now: number) => number | undefined;
}

/** A fifth is for the steps alone: on GitHub 1,000 requests an hour. */
const RESERVE = 0.2;

/** Creates one that knows of no limit yet. */
export function createQuota(): Quota {
  let last = { limit: 0, remaining: 0, resetAt: 0 };
  return {
    seen: (headers) => {
      const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) => {
        const value = headers[`x-ratelimit-${name}`];
        return value === undefined ? NaN : Number(value);
      }) as [number, number, number];
      if (limit > 0 && remaining >= 0 && reset > 0) last = { limit, remaining, resetAt: reset * 1000 };
    },
    scarceUntil: (now) =>
      last.resetAt > now && last.remaining < last.limit * RESERVE ? last.resetAt : undefined,
  };
}
