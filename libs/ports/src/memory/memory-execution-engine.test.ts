import { DependencyUnavailableError, type RunManifest } from '@loom/domain';
import { executionCatalogContract } from '../contract/execution-catalog';
import { executionEngineContract } from '../contract/execution-engine';
import type { RunMessage } from '../execution-engine';
import { MemoryExecutionEngine } from './memory-execution-engine';

const RUN = 'move__a';
const manifest = (runAttempt: number): RunManifest => ({
  runId: RUN,
  migrationId: 'move',
  candidate: { id: 'a' },
  steps: [{ name: 'first', migratorApp: 'mover' }],
  inputs: {},
  runAttempt,
  nonce: 'n',
  reservedAt: '2026-01-01T00:00:00.000Z',
});
const message: RunMessage = {
  signal: 'retryStep',
  payload: { runAttempt: 1, stepName: 'first', attempt: 1, by: 'ann' },
};

executionEngineContract('memory', () => {
  const engine = new MemoryExecutionEngine();
  const close = (runId: string): Promise<void> => {
    engine.close(runId);
    return Promise.resolve();
  };
  return Promise.resolve({ engine, close });
});
executionCatalogContract('memory', () => {
  const engine = new MemoryExecutionEngine();
  const close = (runId: string): Promise<void> => {
    engine.close(runId);
    return Promise.resolve();
  };
  return Promise.resolve({ engine, close, catalog: engine });
});

describe('MemoryExecutionEngine', () => {
  it('starts once per attempt, and only after the older one closed', async () => {
    const engine = new MemoryExecutionEngine();
    expect(await engine.start(manifest(1))).toEqual({ outcome: 'started' });
    expect(await engine.start(manifest(1))).toEqual({ outcome: 'already_started' });
    expect(await engine.start(manifest(2))).toEqual({ outcome: 'older_open', runAttempt: 1 });
    engine.close(RUN);
    expect(await engine.start(manifest(1))).toEqual({ outcome: 'already_started' });
    expect(await engine.start(manifest(2))).toEqual({ outcome: 'started' });
    expect(await engine.describe(RUN)).toMatchObject({ open: true, runAttempt: 2 });
    expect(engine.manifest(RUN)).toEqual(manifest(2));
  });

  it('takes messages while open', async () => {
    const engine = new MemoryExecutionEngine();
    expect(await engine.signal(RUN, message)).toBe(false);
    await engine.start(manifest(1));
    expect(await engine.signal(RUN, message)).toBe(true);
    engine.close(RUN);
    expect(await engine.signal(RUN, message)).toBe(false);
    expect(engine.messages).toEqual([{ runId: RUN, message }]);
  });

  it('asks exactly one attempt to cancel', async () => {
    const engine = new MemoryExecutionEngine();
    await engine.start(manifest(2));
    expect(await engine.cancel({ runId: RUN, runAttempt: 1 })).toBe(false);
    expect(await engine.cancel({ runId: RUN, runAttempt: 2, executionId: 'other' })).toBe(false);
    expect(engine.cancelling()).toEqual([]);
    expect(await engine.cancel({ runId: RUN, runAttempt: 2 })).toBe(true);
    expect(engine.cancelling()).toEqual([RUN]);
    expect(engine.cancels).toHaveLength(3);
  });

  it('waits for attempts up to the one named', async () => {
    const engine = new MemoryExecutionEngine();
    expect(await engine.awaitClosed(RUN, 1, 0)).toBe(true);
    await engine.start(manifest(2));
    expect(await engine.awaitClosed(RUN, 1, 0)).toBe(true);
    expect(await engine.awaitClosed(RUN, 2, 10)).toBe(false);
    const closed = engine.awaitClosed(RUN, 2, 10_000);
    engine.close(RUN);
    expect(await closed).toBe(true);
  });

  it('knows nothing of other runs', async () => {
    const engine = new MemoryExecutionEngine();
    expect(await engine.describe(RUN)).toBeUndefined();
    expect(await engine.progress(RUN)).toBeUndefined();
    await engine.start(manifest(1));
    expect(await engine.progress(RUN)).toMatchObject({
      runAttempt: 1,
      seq: 0,
      steps: [{ stepName: 'first' }],
    });
  });

  it.each([true, false])('is unavailable when told to be, certain: %j', async (certain) => {
    const engine = new MemoryExecutionEngine();
    engine.fail({ certain });
    const calls = [
      () => engine.start(manifest(1)),
      () => engine.signal(RUN, message),
      () => engine.cancel({ runId: RUN, runAttempt: 1 }),
      () => engine.awaitClosed(RUN, 1, 1),
      () => engine.describe(RUN),
      () => engine.progress(RUN),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toMatchObject({ dependency: 'engine', certain });
      await expect(call()).rejects.toBeInstanceOf(DependencyUnavailableError);
    }
    engine.recover();
    expect(await engine.start(manifest(1))).toEqual({ outcome: 'started' });
  });
});
