import {
  CandidateNotFoundError,
  DependencyUnavailableError,
  InvalidInputsError,
  InvalidRequestError,
  LIMITS,
  MigrationNotFoundError,
} from '@loom/domain';
import { StartRefusedError, type ReservationDraft } from '@loom/ports';
import { M, RUN, createWorld, definition, step } from '../testing/world';

const at = (candidateId: string) => ({ migrationId: M, candidateId });
const withInputs = { requiredInputs: [{ name: 'repo', label: 'Repository' }] };

async function worldWith(over: Parameters<ReturnType<typeof createWorld>['announce']>[0] = {}) {
  const world = createWorld();
  await world.announce(over, [{ id: 'c1', metadata: { team: 'core' } }, { id: 'c2' }]);
  const execute = (candidateId: string, inputs: Record<string, string> = {}) =>
    world.service.start({ ...at(candidateId), inputs, from: 'queued' });
  return { ...world, execute };
}

type World = Awaited<ReturnType<typeof worldWith>>;
const BY = { actor: { id: 'ann', role: 'admin' } } as const;

describe('start', () => {
  it('runs the candidate, as attempt 1', async () => {
    const { start, run, engine } = await worldWith();
    expect(await start('c1')).toEqual({ runId: RUN('c1'), attempt: 1 });
    expect(await run('c1')).toMatchObject({ status: 'running', attempt: 1 });
    expect(await engine.describe(RUN('c1'))).toMatchObject({ open: true, runAttempt: 1 });
  });

  it('gives the workflow all it needs: candidate, steps, inputs and a nonce of its own', async () => {
    const { start, run, engine } = await worldWith(withInputs);
    await start('c1', { repo: 'acme/c1' });
    await start('c2', { repo: 'acme/c2' });
    expect(engine.manifest(RUN('c1'))).toEqual({
      runId: RUN('c1'),
      migrationId: M,
      candidate: { id: 'c1', metadata: { team: 'core' } },
      steps: definition().steps,
      inputs: { repo: 'acme/c1' },
      runAttempt: 1,
      nonce: (await run('c1'))?.nonce,
      reservedAt: '2026-01-01T00:00:00.000Z',
    });
    expect((await run('c2'))?.nonce).not.toBe((await run('c1'))?.nonce);
  });

  it("runs the candidate's own steps where it has any", async () => {
    const { start, service, engine } = await worldWith();
    await service.submit(M, [
      { id: 'own', steps: [step('special')] },
      { id: 'empty', steps: [] },
    ]);
    await start('own');
    await start('empty');
    expect(engine.manifest(RUN('own'))?.steps.map(({ name }) => name)).toEqual(['special']);
    expect(engine.manifest(RUN('empty'))?.steps.map(({ name }) => name)).toEqual(['one', 'two']);
  });

  it('is refused where there is nothing to run, since such a run would be completed at once and for ever', async () => {
    const { announce, start, service, run } = await worldWith();
    await announce({ steps: [] });
    await expect(start('c1')).rejects.toThrow(InvalidRequestError);
    expect(await run('c1')).toBeUndefined();
    await service.submit(M, [{ id: 'own', steps: [step('special')] }]);
    await start('own');
  });

  it('reserves before it starts, so that a fast run is never overwritten', async () => {
    const { start, run, engine, worker } = await worldWith();
    const begin = engine.start.bind(engine);
    jest.spyOn(engine, 'start').mockImplementation(async (manifest) => {
      const outcome = await begin(manifest);
      await worker.begin('c1');
      await worker.complete('c1');
      return outcome;
    });
    await start('c1');
    expect(await run('c1')).toMatchObject({ status: 'completed', attempt: 1 });
  });

  it('is refused while the candidate runs and when it is completed, and says which attempt it met', async () => {
    const { start, worker } = await worldWith();
    await start('c1');
    const met = { runId: RUN('c1'), attempt: 1, startedAt: '2026-01-01T00:00:00.000Z' };
    await expect(start('c1')).rejects.toMatchObject({ code: 'candidate_already_running', run: met });
    await worker.begin('c1');
    await worker.complete('c1');
    await expect(start('c1')).rejects.toMatchObject({ code: 'candidate_already_completed', run: met });
  });

  it('of 50 at the same time starts one workflow, and its inputs are those that run', async () => {
    const { start, run, engine } = await worldWith(withInputs);
    const starts = Array.from({ length: 50 }, (_, n) => start('c1', { repo: `acme/${n}` }));
    const results = await Promise.allSettled(starts);
    const won = results.findIndex(({ status }) => status === 'fulfilled');
    const refused = results.filter((result) => result.status === 'rejected');
    expect(refused).toHaveLength(49);
    for (const { reason } of refused) expect(reason).toMatchObject({ code: 'candidate_already_running' });
    expect((await run('c1'))?.inputs).toEqual({ repo: `acme/${won}` });
    expect(engine.manifest(RUN('c1'))?.inputs).toEqual({ repo: `acme/${won}` });
  });

  it.each([
    ['missing', {}, '/inputs/repo'],
    ['blank', { repo: '  ' }, '/inputs/repo'],
    ['unknown', { repo: 'x', other: 'y' }, '/inputs/other'],
  ])('refuses inputs of which one is %s', async (_what, inputs, pointer) => {
    const { start, run } = await worldWith(withInputs);
    const error = await start('c1', inputs).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InvalidInputsError);
    expect(error).toMatchObject({ problems: [{ pointer }] });
    expect(await run('c1')).toBeUndefined();
  });

  it('of something unknown says which part is', async () => {
    const { start, service } = await worldWith();
    await expect(start('nope')).rejects.toThrow(CandidateNotFoundError);
    const elsewhere = { migrationId: 'nope', candidateId: 'c1', inputs: {}, from: 'queued' as const };
    await expect(service.start(elsewhere)).rejects.toThrow(MigrationNotFoundError);
  });

  it('builds anew what changed between its read and its reservation', async () => {
    const { start, stores, announce, engine } = await worldWith();
    const reserve = stores.runs.reserve.bind(stores.runs);
    jest.spyOn(stores.runs, 'reserve').mockImplementationOnce(async (draft: ReservationDraft) => {
      await announce({ steps: [step('newest')] }, [{ id: 'c1', kind: 'newest' }]);
      return reserve(draft);
    });
    await start('c1');
    expect(engine.manifest(RUN('c1'))).toMatchObject({
      steps: [{ name: 'newest' }],
      candidate: { kind: 'newest' },
    });
  });

  it.each<[string, (world: World) => Promise<unknown>, string]>([
    ['runs', ({ start }) => start('c1'), 'candidate_already_running'],
    ['belongs to a paused migration', ({ service }) => service.pauseMigration(M, BY), 'migration_paused'],
    ['belongs to an archived migration', ({ service }) => service.archive(M, BY), 'migration_archived'],
  ])('asks for no place where it has read that the candidate %s', async (_what, given, code) => {
    const world = await worldWith();
    await given(world);
    const reserve = jest.spyOn(world.stores.runs, 'reserve');
    await expect(world.start('c1')).rejects.toMatchObject({ code });
    expect(reserve.mock.calls.map(([draft]) => draft.candidateVersion)).toEqual(['']);
  });

  it('starts what ran when it was read, and does so no more when it is reserved', async () => {
    const { start, stores, service, worker } = await worldWith();
    await start('c1');
    await worker.begin('c1');
    const reserve = stores.runs.reserve.bind(stores.runs);
    jest.spyOn(stores.runs, 'reserve').mockImplementationOnce(async (draft: ReservationDraft) => {
      await service.cancel({ ...at('c1') });
      await worker.settle('c1');
      return reserve(draft);
    });
    expect(await start('c1')).toMatchObject({ attempt: 2 });
  });

  it('gives up after some changes, and says that nothing happened', async () => {
    const { start, run, stores } = await worldWith();
    const reserve = jest.spyOn(stores.runs, 'reserve');
    reserve.mockResolvedValue({ outcome: 'refused', because: 'changed' });
    await expect(start('c1')).rejects.toMatchObject({ code: 'dependency_unavailable', certain: true });
    expect(reserve).toHaveBeenCalledTimes(5);
    expect(await run('c1')).toBeUndefined();
  });

  it('gives its reservation back where the engine certainly did not start', async () => {
    const { start, run, engine } = await worldWith();
    engine.fail({ certain: true });
    await expect(start('c1')).rejects.toThrow(DependencyUnavailableError);
    expect(await run('c1')).toBeUndefined();
    engine.recover();
    expect(await start('c1')).toMatchObject({ attempt: 2 });
  });

  it('gives its reservation back where the engine refused the start, which is a defect', async () => {
    const { start, run, engine } = await worldWith();
    jest.spyOn(engine, 'start').mockRejectedValueOnce(new StartRefusedError('too large'));
    await expect(start('c1')).rejects.toThrow(StartRefusedError);
    expect(await run('c1')).toBeUndefined();
  });

  it('refuses inputs over 64 KiB, also together with those kept while queued, and starts nothing', async () => {
    const { start, run, service, execute } = await worldWith({
      requiredInputs: ['repo', 'branch'].map((name) => ({ name, label: name })),
    });
    const half = 'x'.repeat(LIMITS.inputsBytes / 2);
    const tooLarge = { code: 'payload_too_large', problems: [{ pointer: '/inputs' }] };
    const both = { repo: half, branch: half };
    await expect(start('c1', both)).rejects.toMatchObject(tooLarge);
    await expect(service.queue({ ...at('c1'), inputs: both })).rejects.toMatchObject(tooLarge);
    const preview = service.dryRun({ migrationId: M, of: { candidateId: 'c1' }, inputs: both });
    await expect(preview).rejects.toMatchObject(tooLarge);
    expect(await run('c1')).toBeUndefined();
    await service.queue({ ...at('c1'), inputs: { repo: half, branch: 'main' } });
    await expect(execute('c1', { branch: half })).rejects.toMatchObject(tooLarge);
    const change = service.updateInputs({ ...at('c1'), inputs: { branch: half } });
    await expect(change).rejects.toMatchObject(tooLarge);
    expect(await run('c1')).toMatchObject({ status: 'queued', inputs: { branch: 'main' } });
  });

  it('keeps its reservation on any doubt, for the reconciliation to start', async () => {
    const { start, run, engine, stores } = await worldWith();
    engine.fail({ certain: false });
    await expect(start('c1')).rejects.toThrow(DependencyUnavailableError);
    expect(await run('c1')).toMatchObject({ status: 'running', attempt: 1, seq: 0 });
    expect(await stores.repair.unstarted('2027-01-01T00:00:00.000Z', 10)).toMatchObject([
      { runId: RUN('c1') },
    ]);
  });
});

describe('execute', () => {
  it('leaves out kept inputs which the migration has ceased to ask for', async () => {
    const { announce, execute, service, engine } = await worldWith(withInputs);
    await service.queue({ ...at('c1'), inputs: { repo: 'acme/c1' } });
    await announce({ requiredInputs: [{ name: 'branch', label: 'Branch' }] });
    await expect(execute('c1')).rejects.toMatchObject({ problems: [{ pointer: '/inputs/branch' }] });
    await execute('c1', { branch: 'main' });
    expect(engine.manifest(RUN('c1'))?.inputs).toEqual({ branch: 'main' });
  });

  it('starts what is queued, with the inputs kept and those given', async () => {
    const { service, execute, engine } = await worldWith({
      requiredInputs: [...withInputs.requiredInputs, { name: 'branch', label: 'Branch' }],
    });
    await service.queue({ ...at('c1'), inputs: { repo: 'kept', branch: 'main' } });
    expect(await execute('c1', { branch: 'given' })).toEqual({ runId: RUN('c1'), attempt: 1 });
    expect(engine.manifest(RUN('c1'))?.inputs).toEqual({ repo: 'kept', branch: 'given' });
  });

  it('checks the inputs again: the definition may ask for more by now', async () => {
    const { service, execute, announce, run } = await worldWith();
    await service.queue({ ...at('c1'), inputs: {} });
    await announce(withInputs);
    await expect(execute('c1')).rejects.toMatchObject({ problems: [{ pointer: '/inputs/repo' }] });
    expect(await run('c1')).toMatchObject({ status: 'queued' });
    expect(await execute('c1', { repo: 'x' })).toMatchObject({ attempt: 1 });
  });

  it('is refused in any other status', async () => {
    const { execute, start, worker, service } = await worldWith();
    await expect(execute('c1')).rejects.toMatchObject({
      code: 'candidate_not_queued',
      run: { runId: RUN('c1') },
    });
    await start('c1');
    await expect(execute('c1')).rejects.toMatchObject({ code: 'candidate_already_running' });
    await worker.begin('c1');
    await service.cancel({ ...at('c1') });
    await expect(execute('c1')).rejects.toMatchObject({ code: 'run_cancelling' });
    await worker.settle('c1');
    await start('c1');
    await worker.begin('c1');
    await worker.complete('c1');
    await expect(execute('c1')).rejects.toMatchObject({ code: 'candidate_already_completed' });
  });

  it('leaves the candidate queued with its inputs where the engine certainly did not start', async () => {
    const { service, execute, engine, run } = await worldWith(withInputs);
    await service.queue({ ...at('c1'), inputs: { repo: 'kept' } });
    engine.fail({ certain: true });
    await expect(execute('c1', { repo: 'given' })).rejects.toThrow(DependencyUnavailableError);
    expect(await run('c1')).toMatchObject({ status: 'queued', inputs: { repo: 'kept' } });
  });
});
