import { barsOf } from './bars';
import type { Figures } from './figures';
import { comparison } from './report';
import { burstName, closedName, type Result } from './result';

const figures = (more: Partial<Figures>): Figures => ({
  ...{ runs: 400, hopP50: 11, hopP99: 50, runsPerSecond: 39, startsPerSecond: 60, eventsAStep: 6 },
  ...{ callsAStep: 8, cpuARun: { temporal: 0.02 }, memory: {} },
  ...more,
});
const trip = (p50: number) => ({ p50, perSecond: 1000, cpuUs: 500 });

const resultWith = (oneInFlight: Figures): Result => ({
  at: '2026-01-01T00:00:00.000Z',
  machine: { node: 'v20', cpus: 2, cpu: '', loadBefore: 0, loadAfter: 0 },
  settings: {
    tuned: {
      loads: {
        [closedName(1)]: { loom: oneInFlight },
        [burstName(400)]: {
          loom: figures({}),
          'bare regular': figures({ runsPerSecond: 30, cpuARun: { temporal: 0.04 } }),
        },
      },
      roundTrips: { api: trip(1), express: trip(0.4), redis: trip(0.1) },
    },
  },
});
const result = resultWith(figures({}));

it('each goal is judged by its own figure, and none whose load did not run', () => {
  const bars = barsOf(result);
  expect(bars.map(({ value, met }) => [Number(value.toFixed(2)), met])).toEqual([
    ...[
      [11, true],
      [50, false],
      [1.3, true],
      [6, true],
      [0.5, true],
      [2.5, false],
    ],
  ]);
});

it('two results are told apart by what changed', () => {
  const before = resultWith(figures({ hopP50: 22 }));
  expect(comparison(before, result)).toMatch(
    /^tuned, loads, 1 in flight, loom, hopP50 +22\.00 +→ +11\.00 +0\.50×$/,
  );
  expect(comparison(result, result)).toBe('nothing changed by more than 5 %');
});
