import type { RunManifest } from '@loom/domain';
import type { ExecutionEngine } from '../execution-engine';

/** An engine, and a hand on the executions that it runs. */
export interface EngineUnderTest {
  engine: ExecutionEngine;
  /** Ends the open execution of a run id, as its workflow would by returning; resolves when it is closed. */
  close: (runId: string) => Promise<void>;
}

/** What every ExecutionEngine does. `make` is called once; each test uses run ids of its own. */
export function executionEngineContract(name: string, make: () => Promise<EngineUnderTest>): void {
  describe(`${name} as an ExecutionEngine`, () => {
    let engine: ExecutionEngine;
    let close: EngineUnderTest['close'];
    beforeAll(async () => {
      ({ engine, close } = await make());
    });

    describeStart(
      () => engine,
      (runId) => close(runId),
    );
    describeMessages(
      () => engine,
      (runId) => close(runId),
    );
    describeCancel(
      () => engine,
      (runId) => close(runId),
    );
    describeWaiting(
      () => engine,
      (runId) => close(runId),
    );
  });
}

type Get = () => ExecutionEngine;
type Close = EngineUnderTest['close'];

let runs = 0;

/** A manifest of a run that no other test, also of an earlier test run on the same engine, knows. */
function freshManifest(runAttempt = 1): RunManifest {
  runs += 1;
  const candidate = { id: `c${runs}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}` };
  return {
    runId: `contract__${candidate.id}`,
    migrationId: 'contract',
    candidate,
    steps: [{ name: 'one', migratorApp: 'app' }],
    inputs: {},
    runAttempt,
    nonce: 'nonce',
    reservedAt: '2026-01-01T00:00:00.000Z',
  };
}

function describeStart(engine: Get, close: Close): void {
  it('starts a run and describes it', async () => {
    const manifest = freshManifest();
    expect(await engine().describe(manifest.runId)).toBeUndefined();
    expect(await engine().start(manifest)).toEqual({ outcome: 'started' });
    expect(await engine().describe(manifest.runId)).toEqual({
      open: true,
      executionId: expect.any(String) as string,
      runAttempt: 1,
    });
  });

  it('takes a repeated start of the same attempt for the same', async () => {
    const manifest = freshManifest();
    await engine().start(manifest);
    const before = await engine().describe(manifest.runId);
    expect(await engine().start(manifest)).toEqual({ outcome: 'already_started' });
    expect(await engine().describe(manifest.runId)).toEqual(before);
  });

  it('opens one execution however many start it at once', async () => {
    const manifest = freshManifest();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => engine().start(manifest)));
    expect(outcomes.filter(({ outcome }) => outcome === 'started')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'already_started')).toHaveLength(7);
  });

  it('does not start an attempt while an older one is open', async () => {
    const manifest = freshManifest();
    await engine().start(manifest);
    const next = { ...manifest, runAttempt: 2 };
    expect(await engine().start(next)).toEqual({ outcome: 'older_open', runAttempt: 1 });
    await close(manifest.runId);
    expect(await engine().describe(manifest.runId)).toMatchObject({ open: false, runAttempt: 1 });
    expect(await engine().start(next)).toEqual({ outcome: 'started' });
    expect(await engine().describe(manifest.runId)).toMatchObject({ open: true, runAttempt: 2 });
  });

  it('does not start an attempt while a newer one is open', async () => {
    const manifest = freshManifest(2);
    await engine().start(manifest);
    const older = { ...manifest, runAttempt: 1 };
    expect(await engine().start(older)).toEqual({ outcome: 'other_open', runAttempt: 2 });
    expect(await engine().describe(manifest.runId)).toMatchObject({ open: true, runAttempt: 2 });
  });

  it('does not take an open execution of another reservation with the same number for its own', async () => {
    const manifest = freshManifest();
    await engine().start(manifest);
    const before = await engine().describe(manifest.runId);
    const other = { ...manifest, nonce: 'of-another-reservation' };
    expect(await engine().start(other)).toEqual({ outcome: 'other_open', runAttempt: 1 });
    expect(await engine().describe(manifest.runId)).toEqual(before);
    await close(manifest.runId);
    expect(await engine().start(other)).toEqual({ outcome: 'started' });
  });
}

function describeMessages(engine: Get, close: Close): void {
  const message = {
    signal: 'updateInputs',
    payload: { runAttempt: 1, inputs: { a: 'b' }, by: 'x' },
  } as const;

  it('signals an open execution only', async () => {
    const manifest = freshManifest();
    expect(await engine().signal(manifest.runId, message)).toBe(false);
    await engine().start(manifest);
    expect(await engine().signal(manifest.runId, message)).toBe(true);
    await close(manifest.runId);
    expect(await engine().signal(manifest.runId, message)).toBe(false);
  });

  it('asks a run how far it is, and knows nothing of others', async () => {
    const manifest = freshManifest(3);
    expect(await engine().progress(manifest.runId)).toBeUndefined();
    await engine().start(manifest);
    expect(await engine().progress(manifest.runId)).toMatchObject({ runAttempt: 3, currentStep: 0 });
  });
}

function describeCancel(engine: Get, close: Close): void {
  it('asks the open execution of that attempt, and again when it is told to', async () => {
    const manifest = freshManifest();
    await engine().start(manifest);
    const run = { runId: manifest.runId, runAttempt: 1 };
    expect(await engine().cancel(run)).toBe(true);
    expect(await engine().cancel(run)).toBe(true);
  });

  it('asks by execution id', async () => {
    const manifest = freshManifest();
    await engine().start(manifest);
    const executionId = (await engine().describe(manifest.runId))?.executionId ?? '';
    expect(await engine().cancel({ runId: manifest.runId, runAttempt: 1, executionId })).toBe(true);
  });

  it('never asks a later attempt', async () => {
    const manifest = freshManifest();
    await engine().start(manifest);
    const executionId = (await engine().describe(manifest.runId))?.executionId ?? '';
    await close(manifest.runId);
    await engine().start({ ...manifest, runAttempt: 2 });
    expect(await engine().cancel({ runId: manifest.runId, runAttempt: 1 })).toBe(false);
    expect(await engine().cancel({ runId: manifest.runId, runAttempt: 1, executionId })).toBe(false);
  });

  it('says so when nothing is open', async () => {
    const manifest = freshManifest();
    expect(await engine().cancel({ runId: manifest.runId, runAttempt: 1 })).toBe(false);
    await engine().start(manifest);
    const executionId = (await engine().describe(manifest.runId))?.executionId ?? '';
    await close(manifest.runId);
    expect(await engine().cancel({ runId: manifest.runId, runAttempt: 1 })).toBe(false);
    expect(await engine().cancel({ runId: manifest.runId, runAttempt: 1, executionId })).toBe(false);
  });
}

function describeWaiting(engine: Get, close: Close): void {
  it('has nothing to wait for when nothing is open, or only a later attempt', async () => {
    const manifest = freshManifest(2);
    expect(await engine().awaitClosed(manifest.runId, 2, 1000)).toBe(true);
    await engine().start(manifest);
    expect(await engine().awaitClosed(manifest.runId, 1, 1000)).toBe(true);
  });

  it('waits for the close', async () => {
    const manifest = freshManifest();
    await engine().start(manifest);
    const closed = engine().awaitClosed(manifest.runId, 1, 10_000);
    await close(manifest.runId);
    expect(await closed).toBe(true);
  });

  it('gives up when the time has passed', async () => {
    const manifest = freshManifest();
    await engine().start(manifest);
    expect(await engine().awaitClosed(manifest.runId, 1, 200)).toBe(false);
    expect(await engine().awaitClosed(manifest.runId, 1, 0)).toBe(false);
  });
}
