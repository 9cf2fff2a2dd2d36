import { MigratorCallError } from '@loom/domain';
import type { DispatchRequest } from '../migrator-notifier';
import { MemoryClock } from './memory-clock';
import { MemoryDryRunner } from './memory-dry-runner';
import { MemoryLogger } from './memory-logger';
import { MemoryMetrics, NoopMetrics } from './memory-metrics';
import { MemoryMigratorNotifier } from './memory-migrator-notifier';

const options = () => ({ timeoutMs: 100, signal: new AbortController().signal });

describe('MemoryClock', () => {
  it('stands still until it is moved', () => {
    const clock = new MemoryClock('2026-01-01T00:00:00.000Z');
    expect(clock.now()).toBe('2026-01-01T00:00:00.000Z');
    clock.advance(1500);
    expect(clock.now()).toBe('2026-01-01T00:00:01.500Z');
    clock.set('2027-01-01T00:00:00.000Z');
    expect(clock.now()).toBe('2027-01-01T00:00:00.000Z');
  });
});

describe('MemoryLogger', () => {
  it('keeps lines of itself and its children, with their fields', () => {
    const logger = new MemoryLogger();
    const fields = { a: 1 };
    logger.debug('d');
    logger.child({ run: 'r' }).child({ step: 's' }).warn('w', fields);
    logger.info('i', fields);
    logger.error('e');
    expect(logger.lines).toEqual([
      { level: 'debug', message: 'd', fields: {} },
      { level: 'warn', message: 'w', fields: { run: 'r', step: 's', a: 1 } },
      { level: 'info', message: 'i', fields: { a: 1 } },
      { level: 'error', message: 'e', fields: {} },
    ]);
    expect(fields).toEqual({ a: 1 });
  });
});

describe('MemoryMetrics', () => {
  it('sums counts by name and labels, and keeps observations', () => {
    const metrics = new MemoryMetrics();
    metrics.count('loom_x_total', { outcome: 'a' });
    metrics.count('loom_x_total', { outcome: 'b' }, 2);
    metrics.count('loom_y_total');
    metrics.observe('loom_ms', 5, { route: 'r' });
    expect(metrics.total('loom_x_total')).toBe(3);
    expect(metrics.total('loom_x_total', { outcome: 'b' })).toBe(2);
    expect(metrics.observations).toEqual([{ name: 'loom_ms', value: 5, labels: { route: 'r' } }]);
  });

  it('has a sibling that measures nothing', () => {
    const metrics = new NoopMetrics();
    expect(() => {
      metrics.count();
      metrics.observe();
    }).not.toThrow();
  });
});

describe('MemoryMigratorNotifier', () => {
  const request = { runId: 'r', stepName: 's' } as DispatchRequest;
  const notice = { runId: 'r', runAttempt: 1, candidateId: 'a', migratorUrl: 'http://m', steps: [] };

  it('records and answers by script, then accepts', async () => {
    const notifier = new MemoryMigratorNotifier();
    notifier.answer({ outcome: 'retry', reason: 'busy', afterMs: 5 }, { outcome: 'refused', reason: 'no' });
    expect(await notifier.dispatch(request, options())).toMatchObject({ outcome: 'retry', afterMs: 5 });
    expect(await notifier.cancelStep(notice, options())).toMatchObject({ outcome: 'refused' });
    expect(await notifier.dispatch(request, options())).toEqual({ outcome: 'accepted' });
    expect(notifier.dispatches).toEqual([request, request]);
    expect(notifier.cancels).toEqual([notice]);
  });

  it('sends nothing when aborted', async () => {
    const notifier = new MemoryMigratorNotifier();
    const signal = AbortSignal.abort();
    expect(await notifier.dispatch(request, { timeoutMs: 1, signal })).toMatchObject({ outcome: 'retry' });
    expect(await notifier.cancelStep(notice, { timeoutMs: 1, signal })).toMatchObject({ outcome: 'retry' });
    expect([notifier.dispatches, notifier.cancels]).toEqual([[], []]);
  });
});

describe('MemoryDryRunner', () => {
  it('records calls, and skips, answers or fails as told', async () => {
    const runner = new MemoryDryRunner();
    const request = { migrationId: 'm', candidate: { id: 'a' }, steps: [{ name: 's', migratorApp: 'x' }] };
    expect(await runner.dryRun('http://m', request)).toEqual([{ stepName: 's', skipped: true }]);
    runner.answer([{ stepName: 's', skipped: false, files: [] }]);
    expect(await runner.dryRun('http://m', request)).toEqual([{ stepName: 's', skipped: false, files: [] }]);
    runner.answer(new MigratorCallError('migrator_timeout', 'late'));
    await expect(runner.dryRun('http://m', request)).rejects.toMatchObject({ code: 'migrator_timeout' });
    expect(runner.calls).toHaveLength(3);
    expect(runner.calls[0]).toEqual({ migratorUrl: 'http://m', ...request });
  });
});
