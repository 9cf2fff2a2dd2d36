import { memoryLogger } from '../testing/memory-migrator';
import type { DiscoveryReport } from './discover';
import { createDiscoverySchedule } from './schedule';

const report: DiscoveryReport = {
  candidates: 0,
  problems: [],
  added: 0,
  updated: 0,
  unchanged: 0,
  preserved: 0,
};
const logger = memoryLogger([]);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('is tried again until Loom answers, then at the interval', async () => {
  const times: number[] = [];
  const start = Date.now();
  const discover = (): Promise<DiscoveryReport> => {
    times.push(Date.now() - start);
    return times.length <= 3 ? Promise.reject(new Error('away')) : Promise.resolve(report);
  };
  const schedule = createDiscoverySchedule({ discover, intervalMs: 60_000, logger });
  schedule.start();
  await jest.advanceTimersByTimeAsync(70_000);
  expect(times).toEqual([0, 500, 1500, 3500, 63_500]);
  schedule.stop();
  await jest.advanceTimersByTimeAsync(200_000);
  expect(times).toHaveLength(5);
});

test('two that ask at once share one discovery', async () => {
  let runs = 0;
  let end: () => void = () => undefined;
  const discover = (): Promise<DiscoveryReport> => {
    runs += 1;
    return new Promise((resolve) => (end = () => resolve(report)));
  };
  const schedule = createDiscoverySchedule({ discover, intervalMs: 60_000, logger });
  const both = Promise.all([schedule.now(), schedule.now()]);
  end();
  await both;
  expect(runs).toBe(1);
});
