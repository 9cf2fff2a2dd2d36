import fc from 'fast-check';
import { bucketOf, durationsOf, LAST_BUCKET } from './histogram';

function histogramOf(values: readonly number[]) {
  const buckets = new Map<number, number>();
  for (const ms of values) buckets.set(bucketOf(ms), (buckets.get(bucketOf(ms)) ?? 0) + 1);
  return { sum: values.reduce((sum, ms) => sum + ms, 0), buckets };
}

const nearestRank = (values: readonly number[], share: number) =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0;

describe('durations', () => {
  it('are told within 5 %, with an exact mean, from a millisecond to ten years', () => {
    const tenYears = 10 * 365 * 86_400_000;
    const duration = fc.oneof(fc.integer({ min: 1, max: tenYears }), fc.integer({ min: 1, max: 5000 }));
    fc.assert(
      fc.property(fc.array(duration, { minLength: 1, maxLength: 200 }), (values) => {
        const told = durationsOf(histogramOf(values));
        expect(told.count).toBe(values.length);
        expect(told.mean).toBeCloseTo(values.reduce((sum, ms) => sum + ms, 0) / values.length, 6);
        for (const [share, value] of [
          [0.5, told.p50],
          [0.95, told.p95],
        ] as const) {
          const truth = nearestRank(values, share);
          expect(Math.abs((value ?? 0) - truth) / truth).toBeLessThanOrEqual(0.05);
        }
      }),
    );
  });

  it('are none while none was measured, and never more buckets than there may be', () => {
    expect(durationsOf(histogramOf([]))).toEqual({ count: 0 });
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(Number.MAX_SAFE_INTEGER)).toBe(LAST_BUCKET);
  });
});
