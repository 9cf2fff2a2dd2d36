import { MockActivityEnvironment } from '@temporalio/testing';
import { DependencyUnavailableError, type StepStatus } from '@loom/domain';
import type { RunProjection } from '@loom/ports';
import { createMemoryStores, MemoryCallbackSigner, MemoryMetrics } from '@loom/ports/memory';
import { ScriptedMigrator } from '../testing/scripted-migrator';
import { createDispatchActivities, type DispatchInput, type DispatchResult } from './dispatch';

const at = '2026-01-01T00:00:00.000Z';
const ANN = { actor: { id: 'ann', role: 'operator' } } as const;
const step = { name: 's', migratorApp: 'app' };
const run = { migrationId: 'm', candidateId: 'c', runAttempt: 1 };

/** A run that has begun, and the activities over its stores. */
async function world() {
  const stores = createMemoryStores();
  const migrator = new ScriptedMigrator();
  const definition = {
    id: 'm',
    name: 'M',
    description: '',
    migratorApp: 'app',
    migratorUrl: 'http://app.test',
  };
  const { revision } = await stores.migrations.announce({ ...definition, steps: [step] }, at);
  await stores.candidates.submit('m', [{ id: 'c' }], at);
  const snapshot = await stores.reader.snapshot('m', 'c');
  const manifest = {
    runId: 'm__c',
    migrationId: 'm',
    candidate: { id: 'c' },
    steps: [step],
    inputs: {},
    nonce: 'n',
  };
  await stores.runs.reserve({
    manifest: { ...manifest, reservedAt: at },
    definitionRevision: revision,
    candidateVersion: snapshot?.version ?? '',
    from: 'not_started_or_queued',
  });
  await stores.ledger.begin({ ...run, executionId: 'x', at });
  const activities = createDispatchActivities({
    ...stores,
    notifier: migrator,
    signer: new MemoryCallbackSigner(),
    slow: { has: () => false, saw: () => undefined },
    metrics: new MemoryMetrics(),
    clock: { now: () => at },
  });
  const dispatch = (seq: number, attempt: number, isLocal = false): Promise<DispatchResult> =>
    new MockActivityEnvironment({ isLocal }).run<[DispatchInput], DispatchResult, Dispatch>(
      (input) => activities.dispatchStep(input),
      inputOf(seq, attempt),
    );
  return { stores, migrator, activities, dispatch };
}

type Dispatch = (input: DispatchInput) => Promise<DispatchResult>;

function view(seq: number, attempt: number, status: StepStatus): RunProjection {
  return { ...run, seq, steps: [{ stepName: 's', status, attempt }], currentStep: 0, inputs: {}, at };
}

function inputOf(seq: number, attempt: number): DispatchInput {
  const projection = view(seq, attempt, 'in_progress');
  return { runId: 'm__c', nonce: 'n', candidate: { id: 'c' }, step, stepIndex: 0, attempt, projection };
}

afterEach(() => {
  jest.restoreAllMocks();
  jest.useRealTimers();
});

describe('the activity of a dispatch', () => {
  it('shows the view, and sends', async () => {
    const { stores, migrator, dispatch } = await world();
    expect(await dispatch(1, 1)).toEqual({ outcome: 'accepted' });
    expect(migrator.posts).toEqual(['s#1']);
    expect((await stores.reader.snapshot('m', 'c'))?.run?.steps).toMatchObject([{ status: 'in_progress' }]);
  });

  it('sends again what is repeated, and nothing that a newer view has overtaken', async () => {
    const { stores, migrator, dispatch } = await world();
    await dispatch(1, 1);
    await dispatch(1, 1);
    await stores.ledger.project(view(2, 1, 'failed'));
    await dispatch(3, 2);
    expect(await dispatch(1, 1)).toEqual({ outcome: 'stale' });
    expect(migrator.posts).toEqual(['s#1', 's#1', 's#2']);
  });

  it('sends nothing under a recorded cancel, or when the attempt is over', async () => {
    const { stores, migrator, dispatch } = await world();
    await stores.runs.cancel({
      migrationId: 'm',
      candidateId: 'c',
      at,
      by: { actor: { id: 'me', role: 'operator' } },
    });
    expect(await dispatch(1, 1)).toEqual({ outcome: 'cancelled' });
    await stores.ledger.settleCancel({ ...run, at, fallback: { by: '', reason: '' } });
    expect(await dispatch(1, 1)).toEqual({ outcome: 'closed' });
    expect(migrator.posts).toEqual([]);
  });

  it('sends nothing while its migration, or all of them, are paused, and holds the run', async () => {
    const { stores, migrator, activities, dispatch } = await world();
    for (const scope of [{ migrationId: 'm' }, 'all'] as const) {
      await stores.controls.pause(scope, at, ANN);
      expect(await dispatch(1, 1)).toEqual({ outcome: 'paused' });
      expect(await activities.showDispatch(inputOf(1, 1))).toBe('paused');
      expect((await stores.reader.snapshot('m', 'c'))?.run?.heldSince).toBe(at);
      expect(migrator.posts).toEqual([]);
      await stores.controls.resume(scope, at);
    }
    expect(await stores.held.due('2027-01-01T00:00:00.000Z', 9)).toHaveLength(1);
    expect(await dispatch(1, 1)).toEqual({ outcome: 'accepted' });
    expect((await stores.reader.snapshot('m', 'c'))?.run?.heldSince).toBeUndefined();
  });

  it('goes on by itself when a pause of all ends before the run is listed as held', async () => {
    const { stores, migrator, dispatch } = await world();
    await stores.controls.pause('all', at, ANN);
    const project = stores.ledger.project.bind(stores.ledger);
    jest.spyOn(stores.ledger, 'project').mockImplementation(async (seen) => {
      if (seen.holds === true) await stores.controls.resume('all', at);
      return project(seen);
    });
    expect(await dispatch(1, 1)).toEqual({ outcome: 'accepted' });
    expect(migrator.posts).toEqual(['s#1']);
    expect(await stores.held.due('2027-01-01T00:00:00.000Z', 9)).toEqual([]);
  });

  it('notes once since when its app cannot be reached, and why, until a dispatch is taken', async () => {
    const { stores, migrator, dispatch } = await world();
    const noted = async () => (await stores.migrations.get('m'))?.migratorUnreachable;
    const lost = jest.spyOn(stores.reach, 'lost');
    const found = jest.spyOn(stores.reach, 'found');
    const away = { outcome: 'retry' as const, reason: 'step s: cannot reach it' };
    migrator.answer(() => Promise.resolve({ ...away, unreachable: 'cannot reach it' }));
    expect(await dispatch(1, 1, true)).toEqual(away);
    expect(await noted()).toEqual({ since: at, detail: 'cannot reach it' });
    expect(await dispatch(1, 1, true)).toEqual(away);
    expect(lost).toHaveBeenCalledTimes(1);
    migrator.answer(() => Promise.resolve({ ...away, unreachable: 'another reason' }));
    await dispatch(1, 1, true);
    expect(await noted()).toEqual({ since: at, detail: 'another reason' });
    migrator.answer(() => Promise.resolve({ outcome: 'retry', reason: 'the migrator answered 503' }));
    await dispatch(1, 1, true);
    expect(await noted()).toBeDefined();
    migrator.answer(() => Promise.resolve({ outcome: 'accepted' }));
    for (let times = 0; times < 2; times += 1)
      expect(await dispatch(1, 1, true)).toEqual({ outcome: 'accepted' });
    expect(await noted()).toBeUndefined();
    expect(found).toHaveBeenCalledTimes(1);
  });

  it('is refused for an app that nobody announced, unless the store may have lost who did', async () => {
    const { stores, migrator, dispatch } = await world();
    jest.spyOn(stores.migrations, 'get').mockResolvedValue(undefined);
    jest.spyOn(stores.migrations, 'migratorUrl').mockResolvedValue(undefined);
    // The view was written, and the store lost before the migrator was looked up.
    await stores.recovery.distrust();
    expect(await dispatch(1, 1)).toEqual({ outcome: 'away' });
    // That of another migration may be missing for as long as the loss is not accepted.
    await stores.recovery.adopt('an-id', at);
    expect(await dispatch(1, 1)).toEqual({ outcome: 'away' });
    await stores.recovery.accept(10);
    expect(await dispatch(1, 1)).toMatchObject({ outcome: 'refused' });
    expect(migrator.posts).toEqual([]);
  });

  it('goes on as ever where what it has to note cannot be written', async () => {
    const { stores, migrator, dispatch } = await world();
    const away = new DependencyUnavailableError('store', 'away');
    jest.spyOn(stores.reach, 'lost').mockRejectedValue(away);
    migrator.answer(() => Promise.resolve({ outcome: 'retry', reason: 'x', unreachable: 'y' }));
    expect(await dispatch(1, 1, true)).toEqual({ outcome: 'retry', reason: 'x' });
  });

  it("notes of the app of another migration, where its step is that one's", async () => {
    const { stores, migrator, dispatch } = await world();
    const of = { name: 'M', description: '', migratorUrl: 'http://other.test', steps: [] };
    await stores.migrations.announce({ ...of, id: 'm', migratorApp: 'own' }, at);
    await stores.migrations.announce({ ...of, id: 'other', migratorApp: 'app' }, at);
    migrator.answer(() => Promise.resolve({ outcome: 'retry', reason: 'x', unreachable: 'y' }));
    await dispatch(1, 1, true);
    expect(await stores.migrations.get('m')).not.toHaveProperty('migratorUnreachable');
    expect((await stores.migrations.get('other'))?.migratorUnreachable?.detail).toBe('y');
    migrator.answer(() => Promise.resolve({ outcome: 'accepted' }));
    await dispatch(1, 1, true);
    expect(await stores.migrations.get('other')).not.toHaveProperty('migratorUnreachable');
  });

  it.each(['ledger', 'migrations'] as const)(
    'sends nothing while the %s cannot be reached, and says so',
    async (part) => {
      const { stores, migrator, activities, dispatch } = await world();
      const away = new DependencyUnavailableError('store', 'redis is not connected', true);
      if (part === 'ledger') jest.spyOn(stores.ledger, 'project').mockRejectedValue(away);
      else jest.spyOn(stores.migrations, 'get').mockRejectedValue(away);
      expect(await dispatch(1, 1)).toEqual({ outcome: 'away' });
      expect(migrator.posts).toEqual([]);
      await expect(activities.showDispatch(inputOf(1, 1))).rejects.toBe(away);
    },
  );

  it('does not wait for what no waiting heals: it fails, and its budget ends', async () => {
    const { stores, migrator, dispatch } = await world();
    jest.spyOn(stores.ledger, 'project').mockRejectedValue(new TypeError('unreadable'));
    await expect(dispatch(1, 1)).rejects.toThrow('unreadable');
    expect(migrator.posts).toEqual([]);
  });

  it('does not wait for a store that does not answer at all', async () => {
    const { stores, migrator, dispatch } = await world();
    jest.useFakeTimers();
    jest.spyOn(stores.ledger, 'project').mockReturnValue(new Promise(() => undefined));
    const result = dispatch(1, 1, true);
    await jest.advanceTimersByTimeAsync(2500);
    expect(await result).toEqual({ outcome: 'away' });
    expect(migrator.posts).toEqual([]);
  });
});
