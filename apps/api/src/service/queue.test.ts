import { CandidateNotFoundError, InvalidInputsError, MigrationNotFoundError } from '@loom/domain';
import { M, RUN, createWorld } from '../testing/world';

const at = (candidateId: string) => ({ migrationId: M, candidateId });
const withInputs = { requiredInputs: [{ name: 'repo', label: 'Repository' }] };

async function worldWith(over: Parameters<ReturnType<typeof createWorld>['announce']>[0] = {}) {
  const world = createWorld();
  await world.announce(over, [{ id: 'c1' }]);
  const queue = (inputs: Record<string, string> = {}, more: object = {}) =>
    world.service.queue({ ...at('c1'), inputs, ...more });
  return { ...world, queue };
}

describe('queue', () => {
  it('keeps the inputs and starts nothing', async () => {
    const { queue, run, engine } = await worldWith(withInputs);
    expect(await queue({ repo: 'acme/c1' })).toEqual({ runId: RUN('c1') });
    expect(await run('c1')).toMatchObject({ status: 'queued', inputs: { repo: 'acme/c1' }, attempt: 0 });
    expect(await engine.describe(RUN('c1'))).toBeUndefined();
  });

  it.each([{}, { repo: ' ' }, { repo: 'x', other: 'y' }])('refuses the inputs %j', async (inputs) => {
    const { queue, run } = await worldWith(withInputs);
    await expect(queue(inputs)).rejects.toThrow(InvalidInputsError);
    expect(await run('c1')).toBeUndefined();
  });

  it('is refused in any other status', async () => {
    const { queue, service, start, worker } = await worldWith();
    await queue();
    await expect(queue()).rejects.toMatchObject({ code: 'candidate_already_queued' });
    await start('c1');
    await expect(queue()).rejects.toMatchObject({ code: 'candidate_already_running', run: { attempt: 1 } });
    await worker.begin('c1');
    await service.cancel({ ...at('c1') });
    await expect(queue()).rejects.toMatchObject({ code: 'run_cancelling', run: { attempt: 1 } });
    await worker.settle('c1');
    await start('c1');
    await worker.begin('c1');
    await worker.complete('c1');
    await expect(queue()).rejects.toMatchObject({ code: 'candidate_already_completed', run: { attempt: 2 } });
  });

  it('repeated with its idempotency key is taken, though the candidate is queued by now', async () => {
    const { queue } = await worldWith(withInputs);
    const idempotency = { key: 'k', fingerprint: 'f' };
    await queue({ repo: 'x' }, { idempotency });
    expect(await queue({ repo: 'x' }, { idempotency })).toEqual({ runId: RUN('c1') });
    await expect(queue({ repo: 'x' }, { idempotency: { key: 'k', fingerprint: 'g' } })).rejects.toMatchObject(
      {
        code: 'invalid_request',
      },
    );
  });

  it('of something unknown says which part is', async () => {
    const { service } = await worldWith();
    await expect(service.queue({ ...at('nope'), inputs: {} })).rejects.toThrow(CandidateNotFoundError);
    const elsewhere = { migrationId: 'nope', candidateId: 'c1' };
    await expect(service.queue({ ...elsewhere, inputs: {} })).rejects.toThrow(MigrationNotFoundError);
    await expect(service.dequeue(elsewhere)).rejects.toThrow(MigrationNotFoundError);
    await expect(service.dequeue(at('nope'))).rejects.toThrow(CandidateNotFoundError);
  });
});

describe('dequeue', () => {
  it('returns the candidate to not_started without a trace', async () => {
    const { queue, service, run } = await worldWith();
    await queue();
    await service.dequeue(at('c1'));
    expect(await run('c1')).toBeUndefined();
    expect((await service.cancelledAttempts(M, { limit: 10 })).rows).toEqual([]);
    expect(await service.start({ ...at('c1'), inputs: {}, from: 'not_started_or_queued' })).toMatchObject({
      attempt: 1,
    });
  });

  it('is refused where nothing is queued', async () => {
    const { service, start } = await worldWith();
    await expect(service.dequeue(at('c1'))).rejects.toMatchObject({ code: 'candidate_not_queued' });
    await start('c1');
    await expect(service.dequeue(at('c1'))).rejects.toMatchObject({
      code: 'candidate_not_queued',
      run: { attempt: 1 },
    });
  });
});
