import { DependencyUnavailableError, InvalidInputsError } from '@loom/domain';
import { M, RUN, createWorld } from '../testing/world';

const at = (candidateId: string) => ({ migrationId: M, candidateId });
const withInputs = { requiredInputs: [{ name: 'repo', label: 'Repository' }] };
const key = (name: string, fingerprint = 'same') => ({ idempotency: { key: name, fingerprint } });

async function worldWith(over: Parameters<ReturnType<typeof createWorld>['announce']>[0] = {}) {
  const world = createWorld();
  await world.announce(over, [{ id: 'c1', metadata: { team: 'core' } }, { id: 'c2' }]);
  const execute = (candidateId: string, inputs: Record<string, string> = {}) =>
    world.service.start({ ...at(candidateId), inputs, from: 'queued' });
  return { ...world, execute };
}

/** Lets `act` happen while a start waits for the execution of an older attempt to close. */
function whileWaiting({ engine }: Awaited<ReturnType<typeof worldWith>>, act: () => Promise<void>): void {
  const awaitClosed = engine.awaitClosed.bind(engine);
  jest.spyOn(engine, 'awaitClosed').mockImplementationOnce(async (...args) => {
    const waiting = awaitClosed(...args);
    await act();
    return waiting;
  });
}

describe('a start after a cancel', () => {
  it('runs again as the next attempt once the cancel is settled', async () => {
    const { start, service, worker } = await worldWith();
    await start('c1');
    await worker.begin('c1');
    await service.cancel({ ...at('c1') });
    await worker.settle('c1');
    expect(await start('c1')).toEqual({ runId: RUN('c1'), attempt: 2 });
  });

  it('waits for the cancelled attempt to close, and is then never reset by it', async () => {
    const world = await worldWith();
    const { start, service, worker, run } = world;
    await start('c1');
    await worker.begin('c1');
    await service.cancel({ ...at('c1') });
    whileWaiting(world, () => worker.settle('c1'));
    expect(await start('c1')).toEqual({ runId: RUN('c1'), attempt: 2 });
    expect(await run('c1')).toMatchObject({ status: 'running', attempt: 2 });
  });

  it('is refused with run_cancelling when that does not close in time', async () => {
    const world = await worldWith();
    await world.start('c1');
    await world.worker.begin('c1');
    await world.service.cancel({ ...at('c1') });
    const awaitClosed = jest.spyOn(world.engine, 'awaitClosed').mockResolvedValue(false);
    await expect(world.start('c1')).rejects.toMatchObject({ code: 'run_cancelling', run: { attempt: 1 } });
    expect(awaitClosed).toHaveBeenCalledWith(RUN('c1'), 1, 5000);
  });

  it('is refused with run_cancelling when the execution closed but the record is not yet settled', async () => {
    const { start, service, engine } = await worldWith();
    await start('c1');
    await service.cancel({ ...at('c1') });
    engine.close(RUN('c1'));
    await expect(start('c1')).rejects.toMatchObject({ code: 'run_cancelling', run: { attempt: 1 } });
  });

  it('waits for an execution that is still open though its record is settled', async () => {
    const world = await worldWith();
    const { start, service, stores, engine, clock } = world;
    await start('c1');
    await service.cancel({ ...at('c1') });
    const address = { migrationId: M, candidateId: 'c1', runAttempt: 1 };
    const fallback = { by: 'x', reason: 'y' };
    await stores.ledger.settleCancel({ ...address, steps: [], at: clock.now(), fallback });
    whileWaiting(world, () => {
      engine.close(RUN('c1'));
      return Promise.resolve();
    });
    expect(await start('c1')).toEqual({ runId: RUN('c1'), attempt: 2 });
    expect(engine.manifest(RUN('c1'))?.runAttempt).toBe(2);
  });

  it('gives its reservation back when that execution stays open', async () => {
    const world = await worldWith();
    const { start, service, stores, engine, clock, run } = world;
    await start('c1');
    await service.cancel({ ...at('c1') });
    const address = { migrationId: M, candidateId: 'c1', runAttempt: 1 };
    const fallback = { by: 'x', reason: 'y' };
    await stores.ledger.settleCancel({ ...address, steps: [], at: clock.now(), fallback });
    jest.spyOn(engine, 'awaitClosed').mockResolvedValue(false);
    await expect(start('c1')).rejects.toMatchObject({ code: 'run_cancelling', run: { attempt: 1 } });
    expect(await run('c1')).toBeUndefined();
  });
});

describe('a start where Temporal runs what the store does not know', () => {
  /** Temporal as it is after the store has lost all: it runs `runAttempt` of a reservation that nobody remembers. */
  const lostWorld = async (runAttempt: number) => {
    const world = await worldWith();
    const lost = createWorld({ newNonce: () => 'lost' });
    await lost.announce({}, [{ id: 'c1' }]);
    await lost.start('c1');
    const manifest = lost.engine.manifest(RUN('c1'));
    if (manifest === undefined) throw new Error('nothing was started');
    await world.engine.start({ ...manifest, runAttempt });
    return world;
  };

  it.each([1, 7])('is refused with its attempt, %d, and gives its reservation back', async (runAttempt) => {
    const { start, run, engine } = await lostWorld(runAttempt);
    await expect(start('c1')).rejects.toMatchObject({
      code: 'candidate_already_running',
      run: { runId: RUN('c1'), attempt: runAttempt },
      message: expect.stringMatching(
        /Temporal still runs attempt \d.*does not know.*Temporal's tools/,
      ) as string,
    });
    expect(await run('c1')).toBeUndefined();
    engine.close(RUN('c1'));
    expect(await start('c1')).toEqual({ runId: RUN('c1'), attempt: 2 });
  });

  it('says that an earlier attempt does not end, and how to end it', async () => {
    const { start, engine } = await lostWorld(1);
    await expect(start('c1')).rejects.toMatchObject({ code: 'candidate_already_running' });
    jest.spyOn(engine, 'awaitClosed').mockResolvedValue(false);
    await expect(start('c1')).rejects.toMatchObject({
      code: 'run_cancelling',
      run: { attempt: 1 },
      message: expect.stringContaining("end it with Temporal's tools") as string,
    });
  });
});

describe('a start with an idempotency key', () => {
  const command = (inputs: Record<string, string> = {}) =>
    ({ ...at('c1'), inputs, from: 'not_started_or_queued', ...key('k') }) as const;

  it('repeated gets the same attempt, also once it has ended', async () => {
    const { service, worker } = await worldWith();
    const first = await service.start(command());
    expect(await service.start(command())).toEqual(first);
    await worker.begin('c1');
    await service.cancel({ ...at('c1') });
    await worker.settle('c1');
    expect(await service.start(command())).toEqual(first);
  });

  it('repeated starts the workflow that the first try left unstarted', async () => {
    const { service, engine } = await worldWith();
    engine.fail({ certain: false });
    await expect(service.start(command())).rejects.toThrow(DependencyUnavailableError);
    engine.recover();
    expect(await service.start(command())).toEqual({ runId: RUN('c1'), attempt: 1 });
    expect(engine.manifest(RUN('c1'))).toMatchObject({ runAttempt: 1 });
  });

  it('repeated does not start what has begun, or is cancelled', async () => {
    const { service, engine, worker } = await worldWith();
    await service.start(command());
    const started = jest.spyOn(engine, 'start');
    await service.cancel({ ...at('c1') });
    await service.start(command());
    expect(started).not.toHaveBeenCalled();
    await worker.begin('c1');
    await worker.settle('c1');
    const second = { ...command(), ...key('k2') };
    await service.start(second);
    await worker.begin('c1');
    await worker.project('c1', 0, { status: 'in_progress', attempt: 1 });
    await service.start(second);
    expect(started).toHaveBeenCalledTimes(1);
  });

  it('repeated gets its first answer though the inputs would not do today', async () => {
    const { service, execute, announce, worker } = await worldWith();
    expect(await service.start(command())).toMatchObject({ attempt: 1 });
    await worker.begin('c1');
    await service.cancel({ ...at('c1') });
    await worker.settle('c1');
    await announce(withInputs);
    expect(await service.start(command())).toMatchObject({ attempt: 1 });
    const other = { ...command(), ...key('another key') };
    await expect(service.start(other)).rejects.toThrow(InvalidInputsError);
    await expect(execute('c1')).rejects.toMatchObject({ code: 'candidate_not_queued' });
  });

  it('is not kept for an answer that gave the reservation back', async () => {
    const { service, engine } = await worldWith();
    engine.fail({ certain: true });
    await expect(service.start(command())).rejects.toThrow(DependencyUnavailableError);
    engine.recover();
    expect(await service.start(command())).toMatchObject({ attempt: 2 });
  });

  it('answers 503, and keeps the reservation, where a repeat was already promised the run', async () => {
    const { service, engine, run, stores } = await worldWith();
    const second = stores.runs.reserve.bind(stores.runs);
    const reserve = jest.spyOn(stores.runs, 'reserve');
    jest.spyOn(engine, 'start').mockResolvedValue({ outcome: 'older_open', runAttempt: 0 });
    jest.spyOn(engine, 'awaitClosed').mockImplementation(async () => {
      const draft = reserve.mock.calls[0]?.[0];
      if (draft !== undefined) await second(draft);
      return false;
    });
    await expect(service.start(command())).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(await run('c1')).toMatchObject({ status: 'running', attempt: 1 });
  });

  it('refuses the same key for something else', async () => {
    const { service } = await worldWith();
    await service.start(command());
    await expect(service.start({ ...command(), ...key('k', 'other') })).rejects.toMatchObject({
      code: 'invalid_request',
      problems: [{ pointer: '/header/Idempotency-Key' }],
    });
  });
});
