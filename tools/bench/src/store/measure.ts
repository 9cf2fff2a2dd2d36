import { performance } from 'node:perf_hooks';
import { spread } from '../figures';

/** One line of the report: `size` is of the migration it was measured on (or the number of migrations). */
export interface Measurement {
  what: string;
  size: number;
  /** `p50` and `p99` in ms, `perSecond`, `trips` to Redis, `mib`, `bytes` …: whatever applies. */
  values: Record<string, number>;
}

/** p50 and p99 in ms of `times` calls one after another, after one that is not counted. */
export async function timed(
  times: number,
  act: (index: number) => Promise<unknown>,
): Promise<{ p50: number; p99: number }> {
  await act(0);
  const spent: number[] = [];
  for (let index = 0; index < times; index += 1) {
    const began = performance.now();
    await act(index);
    spent.push(performance.now() - began);
  }
  return spread(spent);
}

/** How many a second, when `act` does `count` of them. */
export async function rated(count: number, act: () => Promise<unknown>): Promise<{ perSecond: number }> {
  const began = performance.now();
  await act();
  return { perSecond: Math.round(count / ((performance.now() - began) / 1000)) };
}
