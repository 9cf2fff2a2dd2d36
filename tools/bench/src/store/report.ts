import { aligned } from '../table';
import type { Measurement } from './measure';
import type { Slow } from './redis-facts';

const SHOWN: Record<string, (value: number) => string> = {
  p50: (value) => value.toFixed(2),
  p99: (value) => value.toFixed(2),
  perSecond: (value) => `${Math.round(value).toLocaleString('en')}/s`,
  redisUs: (value) => `Redis ${value} µs`,
  ownUs: (value) => `client ${value} µs`,
  trips: (value) => `${value} trips`,
  bytes: (value) => `${value} B`,
  mib: (value) => `${Math.round(value)} MiB`,
  ratio: (value) => `${value.toFixed(2)}x`,
};

/** A table: a line each measured thing, a column each size, and the last of them against the one before. */
export function tableOf(measured: readonly Measurement[]): string {
  const sizes = [...new Set(measured.map(({ size }) => size))].sort((a, b) => a - b);
  const names = [...new Set(measured.map(({ what }) => what))];
  const lines = names.map((what) => {
    const own = measured.filter((one) => one.what === what);
    const cells = sizes.map((size) => cellOf(own.find((one) => one.size === size)));
    return [what, ...cells, ratioOf(own)];
  });
  const head = ['p50 / p99 in ms', ...sizes.map((size) => size.toLocaleString('en')), 'last / one before'];
  return aligned([head, ...lines]);
}

/** What blocked Redis for longer than 5 ms. */
export function slowTable(slow: readonly Slow[]): string {
  const lines = slow.map(({ name, longestMs, over5ms, over15ms }) => [
    name,
    `${longestMs.toFixed(1)} ms`,
    String(over5ms),
    String(over15ms),
  ]);
  return aligned([['blocked Redis', 'longest', '> 5 ms', '> 15 ms'], ...lines]);
}

function cellOf(measured: Measurement | undefined): string {
  if (measured === undefined) return '';
  const { p50, p99, ...others } = measured.values;
  const rest = Object.entries(others).map(([name, value]) => (SHOWN[name] ?? String)(value));
  const times = p50 === undefined || p99 === undefined ? [] : [`${p50.toFixed(2)} / ${p99.toFixed(2)}`];
  return [...times, ...rest].join(' · ');
}

function ratioOf(own: readonly Measurement[]): string {
  const [before, last] = own.toSorted((a, b) => a.size - b.size).slice(-2);
  if (before === undefined || last === undefined) return '';
  const name = 'p50' in last.values ? 'p50' : (Object.keys(last.values)[0] ?? '');
  return `${((last.values[name] ?? 0) / (before.values[name] ?? 1)).toFixed(2)}x`;
}
