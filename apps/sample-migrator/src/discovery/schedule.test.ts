import { memoryLogger } from '../testing/memory-migrator';
import { GitError } from '../ports';
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
  await schedule.stop();
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

test('a stop waits for the discovery under way, whose git would write where nothing may be left, but not for ever', async () => {
  let end: () => void = () => undefined;
  const discover = (): Promise<DiscoveryReport> => new Promise((resolve) => (end = () => resolve(report)));
  const schedule = createDiscoverySchedule({ discover, intervalMs: 60_000, logger });
  const steps: string[] = [];
  schedule.start();
  const stopped = schedule.stop().then(() => steps.push('stopped'));
  await jest.advanceTimersByTimeAsync(1_000);
  steps.push('discovered');
  end();
  await stopped;
  expect(steps).toEqual(['discovered', 'stopped']);

  void schedule.now();
  const second = schedule.stop();
  await jest.advanceTimersByTimeAsync(5_000);
  await second;
});

test('the same failure again and again is told once, another one too', async () => {
  const logs: Parameters<typeof memoryLogger>[0] = [];
  const reasons = ['403', '403', '403', '404', '', '403'];
  const discover = (): Promise<DiscoveryReport> => {
    const reason = reasons.shift() ?? '';
    return reason === '' ? Promise.resolve(report) : Promise.reject(new GitError(reason));
  };
  const schedule = createDiscoverySchedule({ discover, intervalMs: 1_000, logger: memoryLogger(logs) });
  schedule.start();
  await jest.advanceTimersByTimeAsync(20_000);
  await schedule.stop();
  const told = logs.filter(({ level }) => level === 'warn').map(({ fields }) => fields);
  expect(told).toMatchObject([{ error: '403' }, { error: '404' }, { error: '403' }]);
});
