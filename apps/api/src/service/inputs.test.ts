import { CandidateNotFoundError, ExecutionMissingError, MigrationNotFoundError } from '@loom/domain';
import { M, RUN, createWorld } from '../testing/world';

const at = (candidateId: string) => ({ migrationId: M, candidateId });
const requiredInputs = [
  { name: 'repo', label: 'Repository' },
  { name: 'branch', label: 'Branch' },
];
const complete = { repo: 'acme/c1', branch: 'main' };

async function worldWith() {
  const world = createWorld();
  await world.announce({ requiredInputs }, [{ id: 'c1' }]);
  const update = (inputs: Record<string, string>, candidateId = 'c1') =>
    world.service.updateInputs({ ...at(candidateId), inputs });
  return { ...world, update };
}

describe('update inputs', () => {
  it('of a queued run merges them into those kept', async () => {
    const { service, update, run, engine } = await worldWith();
    await service.queue({ ...at('c1'), inputs: complete });
    await update({ branch: 'next' });
    expect((await run('c1'))?.inputs).toEqual({ repo: 'acme/c1', branch: 'next' });
    expect(engine.messages).toEqual([]);
  });

  it('of a running run tells its workflow, which numbers them', async () => {
    const { start, update, engine, run } = await worldWith();
    await start('c1', complete);
    await update({ branch: 'next' });
    expect(engine.messages).toEqual([
      {
        runId: RUN('c1'),
        message: {
          signal: 'updateInputs',
          payload: { runAttempt: 1, inputs: { branch: 'next' }, by: 'ana' },
        },
      },
    ]);
    expect((await run('c1'))?.inputs).toEqual(complete);
  });

  it.each([
    ['unknown', { other: 'x' }, '/inputs/other'],
    ['blank', { branch: ' ' }, '/inputs/branch'],
  ])('refuses one that is %s, and tells nobody', async (_what, inputs, pointer) => {
    const { start, update, engine } = await worldWith();
    await start('c1', complete);
    await expect(update(inputs)).rejects.toMatchObject({ code: 'invalid_inputs', problems: [{ pointer }] });
    expect(engine.messages).toEqual([]);
  });

  it('is refused where nothing is queued or running', async () => {
    const { start, update, worker, service } = await worldWith();
    await expect(update(complete)).rejects.toMatchObject({ code: 'candidate_not_running' });
    await start('c1', complete);
    await worker.begin('c1');
    await service.cancel({ ...at('c1') });
    await expect(update(complete)).rejects.toMatchObject({ code: 'run_cancelling' });
    await worker.settle('c1');
    await start('c1', complete);
    await worker.begin('c1');
    await worker.complete('c1');
    await expect(update(complete)).rejects.toMatchObject({
      code: 'candidate_not_running',
      run: { attempt: 2 },
    });
  });

  it('reaches the run that was executed in that moment', async () => {
    const { service, update, stores, engine } = await worldWith();
    await service.queue({ ...at('c1'), inputs: complete });
    const merge = stores.runs.mergeQueuedInputs.bind(stores.runs);
    jest.spyOn(stores.runs, 'mergeQueuedInputs').mockImplementationOnce(async (...args) => {
      await service.start({ ...at('c1'), inputs: {}, from: 'queued' });
      return merge(...args);
    });
    await update({ branch: 'next' });
    expect(engine.messages).toMatchObject([{ message: { payload: { inputs: { branch: 'next' } } } }]);
  });

  it('is refused when the run ended in that moment', async () => {
    const { start, update, engine, worker } = await worldWith();
    await start('c1', complete);
    await worker.begin('c1');
    jest.spyOn(engine, 'signal').mockImplementation(async () => {
      await worker.complete('c1');
      return false;
    });
    await expect(update({ branch: 'next' })).rejects.toMatchObject({ code: 'candidate_not_running' });
  });

  it('asks to try again when the run is not to be found though the record has it, and logs that', async () => {
    const { start, update, engine, logger } = await worldWith();
    await start('c1', complete);
    engine.close(RUN('c1'));
    await expect(update({ branch: 'next' })).rejects.toThrow(ExecutionMissingError);
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { runId: RUN('c1'), runAttempt: 1 } }]);
  });

  it('of something unknown says which part is', async () => {
    const { service, update } = await worldWith();
    await expect(update(complete, 'nope')).rejects.toThrow(CandidateNotFoundError);
    const elsewhere = { migrationId: 'nope', candidateId: 'c1', inputs: {} };
    await expect(service.updateInputs(elsewhere)).rejects.toThrow(MigrationNotFoundError);
  });
});
