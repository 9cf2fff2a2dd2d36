import { CandidateNotFoundError, DependencyUnavailableError, MigrationNotFoundError } from '@loom/domain';
import { M, RUN, createWorld } from '../testing/world';

const at = (candidateId: string) => ({ migrationId: M, candidateId });

async function worldWith() {
  const world = createWorld();
  await world.announce({}, [{ id: 'c1' }, { id: 'c10' }]);
  const cancel = (reason?: string, id = 'ana') =>
    world.service.cancel({
      ...at('c1'),
      by: { actor: { id, role: 'operator' }, ...(reason === undefined ? {} : { reason }) },
    });
  return { ...world, cancel };
}

describe('cancel', () => {
  it('is recorded, and asks exactly the execution of this attempt to end', async () => {
    const { start, cancel, run, engine, worker } = await worldWith();
    await start('c1');
    await start('c10');
    await worker.begin('c1');
    await cancel('wrong chart');
    expect((await run('c1'))?.cancel).toMatchObject({ by: 'ana', reason: 'wrong chart' });
    expect(engine.cancels).toEqual([{ runId: RUN('c1'), runAttempt: 1, executionId: 'execution-1' }]);
    expect(engine.cancelling()).toEqual([RUN('c1')]);
  });

  it('goes without an execution id while the first act has not recorded one', async () => {
    const { start, cancel, engine } = await worldWith();
    await start('c1');
    await cancel();
    expect(engine.cancels).toEqual([{ runId: RUN('c1'), runAttempt: 1 }]);
  });

  it('is taken though there is no execution: the first act or the reconciliation settles it', async () => {
    const { start, cancel, engine, stores } = await worldWith();
    await start('c1');
    engine.close(RUN('c1'));
    await cancel();
    expect(await stores.repair.pendingCancels('2027-01-01T00:00:00.000Z', 10)).toMatchObject([
      { runId: RUN('c1'), runAttempt: 1 },
    ]);
  });

  it('repeated asks again and keeps the first reason', async () => {
    const { start, cancel, run, engine } = await worldWith();
    await start('c1');
    await cancel('first', 'ana');
    await cancel('second', 'bob');
    expect((await run('c1'))?.cancel).toMatchObject({ by: 'ana', reason: 'first' });
    expect(engine.cancels).toHaveLength(2);
  });

  it.each([
    ['away', new DependencyUnavailableError('engine', 'it cannot be reached', true)],
    ['late', new DependencyUnavailableError('engine', 'it did not answer in time')],
    ['at fault', new Error('a defect')],
  ])('is taken once it is recorded though the engine is %s, which is logged', async (_what, error) => {
    const { start, cancel, run, engine, stores, logger } = await worldWith();
    await start('c1');
    jest.spyOn(engine, 'cancel').mockRejectedValue(error);
    await cancel('why');
    expect((await run('c1'))?.cancel).toMatchObject({ reason: 'why' });
    expect(await stores.repair.pendingCancels('2027-01-01T00:00:00.000Z', 10)).toHaveLength(1);
    expect(logger.lines).toMatchObject([
      { level: 'warn', fields: { runId: RUN('c1'), runAttempt: 1, error } },
    ]);
  });

  it('is not taken where it could not be recorded', async () => {
    const { start, cancel, stores, engine } = await worldWith();
    await start('c1');
    const away = new DependencyUnavailableError('store', 'it cannot be reached', true);
    jest.spyOn(stores.runs, 'cancel').mockRejectedValue(away);
    await expect(cancel('why')).rejects.toBe(away);
    expect(engine.cancels).toEqual([]);
  });

  it('of a queued candidate ends it at once, with a cancelled attempt of its own number', async () => {
    const { cancel, service, run, engine, start } = await worldWith();
    await service.queue({ ...at('c1'), inputs: {} });
    await cancel('not now');
    expect(await run('c1')).toBeUndefined();
    expect(engine.cancels).toEqual([]);
    expect((await service.cancelledAttempts(M, { limit: 10 })).rows).toMatchObject([
      { runId: RUN('c1'), attempt: 1, cancelledBy: 'ana', reason: 'not now', steps: [] },
    ]);
    expect(await start('c1')).toMatchObject({ attempt: 2 });
  });

  it('is refused where nothing runs', async () => {
    const { cancel, start, worker } = await worldWith();
    await expect(cancel()).rejects.toMatchObject({
      code: 'candidate_not_running',
      run: { runId: RUN('c1') },
    });
    await start('c1');
    await worker.begin('c1');
    await worker.complete('c1');
    await expect(cancel()).rejects.toMatchObject({ code: 'candidate_not_running', run: { attempt: 1 } });
  });

  it('of something unknown says which part is', async () => {
    const { service } = await worldWith();
    await expect(service.cancel(at('nope'))).rejects.toThrow(CandidateNotFoundError);
    const elsewhere = { migrationId: 'nope', candidateId: 'c1' };
    await expect(service.cancel(elsewhere)).rejects.toThrow(MigrationNotFoundError);
  });
});
