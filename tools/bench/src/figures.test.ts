import { median, spread, type Figures } from './figures';

const figures = (hopP50: number, worker: number): Figures => ({
  ...{ runs: 400, hopP50, hopP99: 2 * hopP50, runsPerSecond: 30, startsPerSecond: 60 },
  ...{ eventsAStep: 6, callsAStep: 8, cpuARun: { worker }, memory: { worker: 200 } },
});

it('a spread is the middle and what one in a hundred exceeds', () => {
  expect(spread(Array.from({ length: 100 }, (_, i) => 100 - i))).toEqual({ p50: 51, p99: 100 });
  expect(spread([])).toEqual({ p50: 0, p99: 0 });
});

it('of several rounds the middle one of each figure counts', () => {
  const found = median([figures(9, 0.3), figures(30, 0.1), figures(10, 0.2)]);
  expect(found).toMatchObject({ runs: 400, hopP50: 10, hopP99: 20, cpuARun: { worker: 0.2 } });
});
