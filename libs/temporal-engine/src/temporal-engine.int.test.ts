import { randomUUID } from 'node:crypto';
import { testTemporalAddr } from '@loom/dev-stack';
import { RUN_WORKFLOW } from '@loom/domain';
import { executionCatalogContract, executionEngineContract, storeMemoryContract } from '@loom/ports/contract';
import type { ExecutionEngine } from '@loom/ports';
import { connectTemporal } from './connect';
import type { TemporalConnection } from './connect';
import { createExecutionCatalog } from './execution-catalog';
import { createStoreMemory } from './store-memory';
import { createTemporalEngine } from './temporal-engine';
import { temporalProbe } from './temporal-probe';
import { event, manifest } from './testing/manifest';
import { startTestWorker } from './testing/test-worker';
import type { TestWorker } from './testing/test-worker';

const taskQueue = `test-${randomUUID()}`;
let worker: TestWorker;
let temporal: TemporalConnection;
let engine: ExecutionEngine;

beforeAll(async () => {
  worker = await startTestWorker(testTemporalAddr(), taskQueue);
  temporal = connectTemporal({ hostPort: testTemporalAddr(), namespace: 'default' });
  engine = createTemporalEngine({ client: temporal.client, taskQueue });
}, 60_000);
afterAll(async () => {
  await temporal.close();
  await worker.stop();
});

const close = async (runId: string): Promise<void> => {
  await engine.signal(runId, event('completed'));
  await engine.awaitClosed(runId, Infinity, 10_000);
};
executionEngineContract('Temporal', () => Promise.resolve({ engine, close }));
executionCatalogContract('Temporal', () => {
  const catalog = createExecutionCatalog({ client: temporal.client, taskQueue });
  return Promise.resolve({ engine, close, catalog });
});

storeMemoryContract('Temporal', () =>
  createStoreMemory({ client: temporal.client, taskQueue, callMs: 60_000 }),
);

describe('an execution on Temporal', () => {
  it('is the run workflow under the run id, with the manifest as its only argument', async () => {
    const run = manifest();
    await engine.start(run);
    const handle = temporal.client.workflow.getHandle(run.runId);
    const { type, taskQueue: queue, memo, raw } = await handle.describe();
    const mark = expect.stringMatching(/^[\w-]{43}$/) as string;
    expect([type, queue, memo]).toEqual([RUN_WORKFLOW, taskQueue, { runAttempt: 1, nonceDigest: mark }]);
    expect(raw.executionConfig?.defaultWorkflowTaskTimeout?.seconds?.toString()).toBe('5');
    const [started] = (await handle.fetchHistory()).events ?? [];
    const payloads = started?.workflowExecutionStartedEventAttributes?.input?.payloads ?? [];
    expect(payloads.map(({ data }) => JSON.parse(Buffer.from(data ?? []).toString()) as unknown)).toEqual([
      run,
    ]);
  });

  it('gets messages in the order they were sent, with what they carry', async () => {
    const run = manifest();
    await engine.start(run);
    const by = 'x';
    await engine.signal(run.runId, {
      signal: 'updateInputs',
      payload: { runAttempt: 1, inputs: { a: '1' }, by },
    });
    await engine.signal(run.runId, {
      signal: 'retryStep',
      payload: { runAttempt: 1, stepName: 'one', attempt: 1, by },
    });
    await engine.signal(run.runId, {
      signal: 'updateInputs',
      payload: { runAttempt: 1, inputs: { b: '2' }, by },
    });
    expect(await engine.progress(run.runId)).toMatchObject({ phase: 'waiting a=1 retry b=2' });
  });

  it('ends when it is cancelled, and tells its progress afterwards too', async () => {
    const run = manifest();
    await engine.start(run);
    expect(await engine.cancel({ runId: run.runId, runAttempt: 1 })).toBe(true);
    expect(await engine.awaitClosed(run.runId, 1, 10_000)).toBe(true);
    expect(await engine.describe(run.runId)).toMatchObject({ open: false });
    expect(await engine.progress(run.runId)).toMatchObject({ runAttempt: 1 });
  });

  it('is waited for while it cleans up after a cancel, however often it is asked', async () => {
    const run = manifest({ inputs: { stubborn: 'yes' } });
    await engine.start(run);
    for (let i = 0; i < 3; i += 1)
      expect(await engine.cancel({ runId: run.runId, runAttempt: 1 })).toBe(true);
    expect(await engine.awaitClosed(run.runId, 1, 300)).toBe(false);
    const closed = engine.awaitClosed(run.runId, 1, 10_000);
    await engine.signal(run.runId, event('completed'));
    expect(await closed).toBe(true);
  });

  it('is over as well when it failed', async () => {
    const run = manifest();
    await engine.start(run);
    const closed = engine.awaitClosed(run.runId, 1, 10_000);
    await engine.signal(run.runId, event('failed'));
    expect(await closed).toBe(true);
    expect(await engine.start({ ...run, runAttempt: 2 })).toEqual({ outcome: 'started' });
  });

  it('keeps its attempt and its first id when it continues as new, and is waited for to its real end', async () => {
    const run = manifest();
    await engine.start(run);
    const first = await engine.describe(run.runId);
    const firstId = first?.executionId ?? '';
    const closed = engine.awaitClosed(run.runId, 1, 10_000);
    await engine.signal(run.runId, event('open'));
    // The old execution has a successor as soon as it is closed.
    await temporal.client.workflow
      .getHandle(run.runId, firstId, { followRuns: false })
      .result()
      .catch(() => undefined);
    expect((await temporal.client.workflow.getHandle(run.runId).describe()).runId).not.toBe(firstId);
    expect(await engine.describe(run.runId)).toEqual(first);
    expect(await engine.start(run)).toEqual({ outcome: 'already_started' });
    const other = { ...run, nonce: 'another' };
    expect(await engine.start(other)).toEqual({ outcome: 'other_open', runAttempt: 1 });
    expect(await engine.awaitClosed(run.runId, 1, 200)).toBe(false);
    expect(await engine.cancel({ runId: run.runId, runAttempt: 1, executionId: firstId })).toBe(true);
    expect(await closed).toBe(true);
  });

  it('may be started again for an attempt that has run: its first act decides', async () => {
    const run = manifest();
    await engine.start(run);
    await engine.signal(run.runId, event('completed'));
    await engine.awaitClosed(run.runId, 1, 10_000);
    expect(await engine.start(run)).toEqual({ outcome: 'started' });
  });

  it('whose memo was written before it held a digest of the nonce is taken for the one meant', async () => {
    const run = manifest();
    const options = { workflowId: run.runId, taskQueue, args: [run], memo: { runAttempt: 1 } };
    await temporal.client.workflow.start(RUN_WORKFLOW, options);
    expect(await engine.start({ ...run, nonce: 'another' })).toEqual({ outcome: 'already_started' });
    expect(await engine.start({ ...run, runAttempt: 2 })).toEqual({ outcome: 'older_open', runAttempt: 1 });
  });

  it('that something else started counts as older than any attempt', async () => {
    const run = manifest();
    await temporal.client.workflow.start(RUN_WORKFLOW, { workflowId: run.runId, taskQueue, args: [run] });
    expect(await engine.describe(run.runId)).toMatchObject({ open: true, runAttempt: 0 });
    expect(await engine.start(run)).toEqual({ outcome: 'older_open', runAttempt: 0 });
    expect(await engine.cancel({ runId: run.runId, runAttempt: 1 })).toBe(false);
  });
});

describe('an engine that lacks something', () => {
  it('says within its bound that no worker answers', async () => {
    const idle = createTemporalEngine({ client: temporal.client, taskQueue: `nobody-${randomUUID()}` });
    const run = manifest();
    expect(await idle.start(run)).toEqual({ outcome: 'started' });
    await expect(idle.progress(run.runId)).rejects.toMatchObject({
      code: 'dependency_unavailable',
      certain: false,
    });
  });

  it('is up with its namespace, and unusable without', async () => {
    await temporalProbe(temporal.client).check();
    const lost = connectTemporal({ hostPort: testTemporalAddr(), namespace: 'no-such-namespace' });
    await expect(temporalProbe(lost.client).check()).rejects.toThrow(
      'Temporal has no namespace no-such-namespace',
    );
    await expect(createTemporalEngine({ client: lost.client }).start(manifest())).rejects.toMatchObject({
      dependency: 'engine',
      certain: true,
    });
    await expect(createTemporalEngine({ client: lost.client }).describe('x__y')).rejects.toMatchObject({
      dependency: 'engine',
    });
    await lost.close();
  });
});
