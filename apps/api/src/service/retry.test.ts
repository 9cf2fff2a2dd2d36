import {
  CandidateNotFoundError,
  DependencyUnavailableError,
  ExecutionMissingError,
  type StepState,
} from '@loom/domain';
import { M, RUN, createWorld } from '../testing/world';

const at = (candidateId: string) => ({ migrationId: M, candidateId });

/** A run whose step `one` has failed, in its first attempt. */
async function failedWorld() {
  const world = createWorld();
  await world.announce({}, [{ id: 'c1' }]);
  await world.start('c1');
  await world.worker.begin('c1');
  await world.worker.project('c1', 0, { status: 'failed', attempt: 1, reason: 'no chart' });
  const retry = (over: { stepName?: string; attempt?: number; key?: string } = {}) => {
    const { key, ...rest } = over;
    const idempotency = key === undefined ? {} : { idempotency: { key, fingerprint: JSON.stringify(rest) } };
    return world.service.retry({ ...at('c1'), stepName: 'one', ...rest, ...idempotency });
  };
  const signalled = () => world.engine.messages.map(({ message }) => message);
  const show = (change: Partial<StepState>, index = 0) => world.worker.project('c1', index, change);
  return { ...world, retry, signalled, show };
}

const signal = (attempt = 1, runAttempt = 1) => ({
  signal: 'retryStep',
  payload: { runAttempt, stepName: 'one', attempt, by: 'ana' },
});

describe.each([
  ['without a key', undefined],
  ['with an idempotency key', 'k'],
])('retry %s', (_how, key) => {
  const given = key === undefined ? {} : { key };

  it('answers exactly the failed step attempt', async () => {
    const { retry, signalled } = await failedWorld();
    await retry({ attempt: 1, ...given });
    expect(signalled()).toEqual([signal()]);
  });

  it('takes the current attempt where none is named', async () => {
    const { retry, signalled, show } = await failedWorld();
    await show({ status: 'failed', attempt: 3 });
    await retry(given);
    expect(signalled()).toEqual([signal(3)]);
  });

  it('of an earlier attempt is a repeat that changes nothing', async () => {
    const { retry, signalled, show } = await failedWorld();
    await show({ status: 'failed', attempt: 2 });
    await retry({ attempt: 1, ...given });
    await show({ status: 'merged', attempt: 2 });
    await show({ status: 'in_progress', attempt: 1 }, 1);
    await retry({ attempt: 1, ...given });
    expect(signalled()).toEqual([]);
  });

  it.each([
    ['has not failed', { status: 'in_progress', attempt: 2 } as const, {}],
    ['does not exist yet', { status: 'failed', attempt: 1 } as const, { attempt: 2 }],
    ['is planned only', { status: 'failed', attempt: 1 } as const, { stepName: 'two' }],
  ])('is refused for a step attempt that %s', async (_what, step, over) => {
    const { retry, show, signalled } = await failedWorld();
    await show(step);
    await expect(retry({ ...over, ...given })).rejects.toMatchObject({
      code: 'step_not_failed',
      run: { runId: RUN('c1'), attempt: 1, startedAt: expect.any(String) as string },
    });
    expect(signalled()).toEqual([]);
  });

  it('is refused for a step that the run does not have', async () => {
    const { retry } = await failedWorld();
    await expect(retry({ stepName: 'three', ...given })).rejects.toMatchObject({
      code: 'invalid_request',
      problems: [{ pointer: '/stepName' }],
    });
  });

  it('is refused while the run is being cancelled, and where nothing runs', async () => {
    const { retry, service, worker, announce } = await failedWorld();
    await service.cancel({ ...at('c1') });
    await expect(retry(given)).rejects.toMatchObject({ code: 'run_cancelling' });
    await worker.settle('c1');
    await expect(retry(given)).rejects.toMatchObject({ code: 'candidate_not_running' });
    await announce({}, [{ id: 'c2' }]);
    await expect(service.retry({ ...at('nope'), stepName: 'one' })).rejects.toThrow(CandidateNotFoundError);
  });

  it('named, and done before, is a repeat though the run is being cancelled', async () => {
    const { retry, service, signalled, show, worker } = await failedWorld();
    await show({ status: 'merged', attempt: 2 });
    await service.cancel({ ...at('c1') });
    await retry({ attempt: 1, ...given });
    expect(signalled()).toEqual([]);
    await worker.settle('c1');
    await expect(retry({ attempt: 1, ...given })).rejects.toMatchObject({ code: 'candidate_not_running' });
  });

  it('named, and done before, is a repeat though the run is completed', async () => {
    const { retry, signalled, show, worker } = await failedWorld();
    await show({ status: 'completed', attempt: 2 });
    await worker.complete('c1');
    await retry({ attempt: 1, ...given });
    expect(signalled()).toEqual([]);
    for (const over of [{ attempt: 2 }, {}])
      await expect(retry({ ...over, ...given })).rejects.toMatchObject({ code: 'candidate_not_running' });
  });

  it('is refused when the run ended in that moment', async () => {
    const { retry, engine, worker } = await failedWorld();
    jest.spyOn(engine, 'signal').mockImplementation(async () => {
      await worker.complete('c1');
      return false;
    });
    await expect(retry(given)).rejects.toMatchObject({ code: 'candidate_not_running' });
  });

  it('asks to try again when the run is not to be found though the record has it, and logs that', async () => {
    const { retry, engine, logger } = await failedWorld();
    engine.close(RUN('c1'));
    await expect(retry(given)).rejects.toThrow(ExecutionMissingError);
    expect(logger.lines).toMatchObject([{ level: 'warn', fields: { runId: RUN('c1'), runAttempt: 1 } }]);
  });

  it('signalled twice names the same attempt, which the workflow takes once', async () => {
    const { retry, signalled } = await failedWorld();
    await retry({ attempt: 1, ...given });
    await retry({ attempt: 1, ...given });
    expect(signalled()).toEqual([signal(), signal()]);
  });
});

describe('a repeated retry with its key', () => {
  it('is signalled when the first try could not be', async () => {
    const { retry, engine, signalled } = await failedWorld();
    engine.fail({ certain: true });
    await expect(retry({ key: 'k' })).rejects.toThrow(DependencyUnavailableError);
    engine.recover();
    await retry({ key: 'k' });
    expect(signalled()).toEqual([signal()]);
  });

  it('does not answer a later failure', async () => {
    const { retry, show, signalled } = await failedWorld();
    await retry({ key: 'k' });
    await show({ status: 'failed', attempt: 2 });
    await retry({ key: 'k' });
    expect(signalled()).toEqual([signal()]);
  });

  it('does not answer the same step attempt of a later run attempt', async () => {
    const { retry, start, service, worker, show, signalled } = await failedWorld();
    await retry({ key: 'k' });
    await service.cancel({ ...at('c1') });
    await worker.settle('c1');
    await start('c1');
    await worker.begin('c1');
    await show({ status: 'failed', attempt: 1 });
    await retry({ key: 'k' });
    expect(signalled()).toEqual([signal()]);
    await retry({ key: 'k2' });
    expect(signalled()).toEqual([signal(), signal(1, 2)]);
  });

  it('is taken though the run is completed by now', async () => {
    const { retry, worker, signalled } = await failedWorld();
    await retry({ key: 'k' });
    await worker.complete('c1');
    await retry({ key: 'k' });
    expect(signalled()).toEqual([signal()]);
  });

  it('signals the run attempt that it claimed, also where that began after the run was read', async () => {
    const { retry, start, service, stores, worker, show, signalled } = await failedWorld();
    const claim = stores.runs.claimRetry.bind(stores.runs);
    jest.spyOn(stores.runs, 'claimRetry').mockImplementationOnce(async (request) => {
      await service.cancel({ ...at('c1') });
      await worker.settle('c1');
      await start('c1');
      await worker.begin('c1');
      await show({ status: 'failed', attempt: 1 });
      return claim(request);
    });
    await retry({ key: 'k' });
    expect(signalled()).toEqual([signal(1, 2)]);
  });

  it('refuses the same key for another attempt', async () => {
    const { retry } = await failedWorld();
    await retry({ key: 'k', attempt: 1 });
    await expect(retry({ key: 'k', attempt: 2 })).rejects.toMatchObject({ code: 'invalid_request' });
  });
});
