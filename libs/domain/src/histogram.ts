import type { Durations } from './statistics';

/**
 * Each bucket reaches a tenth farther than the one before, so a value told from the middle of its bucket is at most
 * (1.1 - 1) / (1.1 + 1) = 4.8 % off: the logarithmic mapping of DDSketch (Masson, Rim, Lee, VLDB 2019).
 */
const GROWTH = 1.1;
/** Of ten years; whatever takes longer counts as that. */
export const LAST_BUCKET = 278;

/** Durations, counted: exact sum, and how many fell into which bucket. */
export interface Histogram {
  /** In ms. */
  sum: number;
  buckets: ReadonlyMap<number, number>;
}

/** The bucket of a duration in ms. */
export function bucketOf(ms: number): number {
  return ms <= 1 ? 0 : Math.min(Math.ceil(Math.log(ms) / Math.log(GROWTH)), LAST_BUCKET);
}

/** What a histogram says, in ms. */
export function durationsOf({ sum, buckets }: Histogram): Durations {
  const ordered = [...buckets].sort(([a], [b]) => a - b);
  const count = ordered.reduce((total, [, n]) => total + n, 0);
  if (count === 0) return { count };
  return {
    count,
    mean: sum / count,
    p50: quantile(ordered, count, 0.5),
    p95: quantile(ordered, count, 0.95),
  };
}

/** The value below or at which `share` of all lie (nearest rank), told from the middle of its bucket. */
function quantile(ordered: readonly (readonly [number, number])[], count: number, share: number): number {
  let left = Math.ceil(count * share);
  for (const [bucket, n] of ordered) {
    left -= n;
    if (left <= 0) return bucket === 0 ? 1 : (2 * GROWTH ** bucket) / (GROWTH + 1);
  }
  return 0;
}
