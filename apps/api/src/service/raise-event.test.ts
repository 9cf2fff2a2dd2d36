import { ANONYMOUS, ExecutionMissingError, markOf, type StepEvent } from '@loom/domain';
import { ANA, M, RUN, createWorld } from '../testing/world';
import type { ServiceDeps } from './deps';
import type { RaiseCommand } from './raise-event';

const at = (candidateId: string) => ({ migrationId: M, candidateId });
const completed: StepEvent = { stepName: 'one', candidateId: 'c1', status: 'completed' };
const notExpected = { code: 'event_not_expected' };

async function runningWorld(over: Partial<ServiceDeps> = {}) {
  const world = createWorld(over);
  await world.announce({}, [{ id: 'c1' }, { id: 'c2' }]);
  await world.start('c1');
  await world.worker.begin('c1');
  const raise = (callbackId: string, event: StepEvent = completed, over: Partial<RaiseCommand> = {}) =>
    world.service.raiseEvent({ callbackId, event, attempts: {}, by: { actor: ANONYMOUS }, ...over });
  const signalled = () => world.engine.messages.map(({ message }) => message.payload);
  return { ...world, raise, signalled };
}

describe('an event by its callback id', () => {
  it('is signalled with the whole address of its dispatch', async () => {
    const { raise, callback, signalled } = await runningWorld();
    const event: StepEvent = {
      ...completed,
      status: 'open',
      metadata: { prUrl: 'http://git/1' },
      reason: 'r',
      eventId: 'e',
    };
    await raise(await callback('c1'), event, { attempts: { runAttempt: 9, attempt: 9 } });
    expect(signalled()).toEqual([{ ...event, runAttempt: 1, stepIndex: 0, attempt: 1 }]);
  });

  it('is signalled before the record shows its dispatch: migrators call back from inside it', async () => {
    const { raise, callback, signalled, run } = await runningWorld();
    expect((await run('c1'))?.steps[0]).toMatchObject({ status: 'not_started', attempt: 0 });
    await raise(await callback('c1'));
    expect(signalled()).toMatchObject([{ stepIndex: 0, attempt: 1 }]);
  });

  it('is refused where the record proves it old', async () => {
    const { raise, callback, signalled, worker } = await runningWorld();
    const first = await callback('c1');
    await worker.project('c1', 0, { status: 'failed', attempt: 1 });
    await expect(raise(first)).rejects.toMatchObject({
      ...notExpected,
      run: { runId: RUN('c1'), attempt: 1 },
    });
    await worker.project('c1', 0, { status: 'in_progress', attempt: 2 });
    await expect(raise(first)).rejects.toMatchObject(notExpected);
    await raise(await callback('c1', 0, 2));
    await worker.project('c1', 0, { status: 'completed', attempt: 2 });
    await worker.project('c1', 1, { status: 'in_progress', attempt: 1 });
    await expect(raise(await callback('c1', 0, 2))).rejects.toMatchObject(notExpected);
    expect(signalled()).toHaveLength(1);
  });

  it('that repeats the last one changes nothing, and is a sign of life', async () => {
    const { raise, callback, signalled, worker, run, clock, stores } = await runningWorld();
    const open: StepEvent = { ...completed, status: 'open' };
    const at = clock.now();
    const heard = { startedAt: at, lastHeardAt: at, lastEvent: markOf(open) };
    await worker.project('c1', 0, { status: 'open', attempt: 1, ...heard });
    clock.advance(60_000);
    await stores.attention.markStale({ open: clock.now() }, clock.now());
    expect((await run('c1'))?.attention?.kind).toBe('stale');
    clock.advance(60_000);
    await raise(await callback('c1'), open);
    expect(signalled()).toEqual([]);
    expect(await run('c1')).toMatchObject({ lastSignAt: clock.now(), seq: 1 });
    expect(await run('c1')).not.toHaveProperty('attention');
  });

  it('of a store that loses its data in that moment is not found, which is repeated, and no conflict', async () => {
    const { callback, signer, stores } = await runningWorld();
    const callbackId = await callback('c1');
    const nonce = await stores.reader.nonce(M, 'c1', 1);
    const lost = createWorld({ signer });
    await lost.announce({}, [{ id: 'c1' }]);
    const known = jest.spyOn(lost.stores.reader, 'nonce').mockResolvedValueOnce(nonce);
    const raised = lost.service.raiseEvent({
      callbackId,
      event: completed,
      attempts: {},
      by: { actor: ANONYMOUS },
    });
    await expect(raised).rejects.toMatchObject({ code: 'run_not_found' });
    expect(known).toHaveBeenCalledTimes(2);
  });

  it('of a cancelled attempt is a conflict, also during the next attempt, and never a bad credential', async () => {
    const { raise, callback, service, worker, start, signalled } = await runningWorld();
    const late = await callback('c1');
    await service.cancel({ ...at('c1') });
    await worker.settle('c1');
    await expect(raise(late)).rejects.toMatchObject(notExpected);
    await start('c1');
    await expect(raise(late)).rejects.toMatchObject({ ...notExpected, run: { attempt: 2 } });
    expect(signalled()).toEqual([]);
  });

  it('said again is taken and not signalled again, also once the run is completed', async () => {
    const { raise, callback, signalled, worker } = await runningWorld();
    const done = { ...completed, stepName: 'two' };
    await worker.project('c1', 1, { status: 'completed', attempt: 1, lastEvent: markOf(done) });
    await raise(await callback('c1', 1), done);
    await worker.complete('c1');
    await raise(await callback('c1', 1), done);
    await expect(raise(await callback('c1', 1), { ...done, reason: 'other' })).rejects.toMatchObject(
      notExpected,
    );
    expect(signalled()).toEqual([]);
  });

  it('must name the step and the candidate of its dispatch', async () => {
    const { raise, callback, signalled } = await runningWorld();
    const id = await callback('c1');
    await expect(raise(id, { ...completed, stepName: 'two' })).rejects.toMatchObject(notExpected);
    await expect(raise(id, { ...completed, candidateId: 'c2' })).rejects.toMatchObject(notExpected);
    expect(signalled()).toEqual([]);
  });

  it('is refused unless its MAC is right for this very dispatch', async () => {
    const { raise, callback, signer, start, run } = await runningWorld();
    const id = await callback('c1');
    await start('c2');
    const forged = [
      `${id}0`,
      id.replace('~1~0~1~', '~1~0~2~'),
      id.replace('~1~0~1~', '~1~1~1~'),
      id.replace('~k1~', '~k2~'),
      id.replace('c1~', 'c2~'),
      id.slice(0, id.lastIndexOf('~')),
      `${id}~x`,
      signer.sign(
        { runId: RUN('c1'), runAttempt: 1, stepIndex: 0, attempt: 1 },
        (await run('c2'))?.nonce ?? '',
      ),
    ];
    for (const bad of forged) {
      const error = await raise(bad, { ...completed, candidateId: bad.includes('c2~') ? 'c2' : 'c1' }).catch(
        (e: unknown) => e,
      );
      expect([bad, (error as { code?: string }).code]).toEqual([bad, 'unauthenticated']);
      expect(String(error)).not.toContain(bad);
    }
  });

  it('of a run that never was is not found', async () => {
    const { raise, signer } = await runningWorld();
    const id = (runId: string, runAttempt = 1) =>
      signer.sign({ runId, runAttempt, stepIndex: 0, attempt: 1 }, 'nonce-1');
    for (const unknown of [
      id(RUN('nope')),
      id('nope__c1'),
      id(RUN('c2')),
      id(RUN('c1'), 2),
      id('no-run'),
      'garbage',
      '~~~',
    ])
      await expect(raise(unknown)).rejects.toMatchObject({ code: 'run_not_found' });
  });

  it('is a conflict when its run ended in that moment', async () => {
    const { raise, callback, engine, worker } = await runningWorld();
    const id = await callback('c1');
    jest.spyOn(engine, 'signal').mockImplementation(async () => {
      await worker.complete('c1');
      return false;
    });
    await expect(raise(id)).rejects.toMatchObject(notExpected);
  });

  it('is to be sent again when the run is not to be found though the record has it, which is logged', async () => {
    const { raise, callback, engine, logger } = await runningWorld();
    engine.close(RUN('c1'));
    for (let times = 0; times < 2; times += 1)
      await expect(raise(await callback('c1'))).rejects.toThrow(ExecutionMissingError);
    const line = { level: 'warn', fields: { runId: RUN('c1'), runAttempt: 1 } };
    expect(logger.lines).toMatchObject([line, line]);
  });
});

describe('an event by a bare run id', () => {
  it('means the current attempts, unless its body names them', async () => {
    const { raise, signalled, worker } = await runningWorld();
    await worker.project('c1', 0, { status: 'in_progress', attempt: 3 });
    await raise(RUN('c1'));
    await raise(RUN('c1'), completed, { attempts: { runAttempt: 1, attempt: 3 } });
    expect(signalled()).toEqual(Array(2).fill({ ...completed, runAttempt: 1, stepIndex: 0, attempt: 3 }));
    for (const attempts of [{ attempt: 2 }, { runAttempt: 0 }])
      await expect(raise(RUN('c1'), completed, { attempts })).rejects.toMatchObject(notExpected);
  });

  it('finds its step by name', async () => {
    const { raise, signalled, worker } = await runningWorld();
    await worker.project('c1', 1, { status: 'awaiting_review', attempt: 1 });
    await raise(RUN('c1'), { ...completed, stepName: 'two' });
    expect(signalled()).toMatchObject([{ stepIndex: 1, attempt: 1 }]);
    await expect(raise(RUN('c1'), { ...completed, stepName: 'three' })).rejects.toMatchObject(notExpected);
  });

  it('of a run that never was is not found; of one that is over, a conflict', async () => {
    const { raise, service, worker } = await runningWorld();
    await expect(raise(RUN('nope'))).rejects.toMatchObject({ code: 'run_not_found' });
    await expect(raise(RUN('c2'), { ...completed, candidateId: 'c2' })).rejects.toMatchObject({
      code: 'run_not_found',
    });
    await service.cancel({ ...at('c1') });
    await worker.settle('c1');
    await expect(raise(RUN('c1'))).rejects.toMatchObject(notExpected);
  });

  it('is no credential where other machines can call, and nothing is told of the run', async () => {
    const { raise, callback, signalled } = await runningWorld({ anonymousMayReport: false });
    for (const runId of [RUN('c1'), RUN('nope')]) {
      await expect(raise(runId)).rejects.toMatchObject({
        code: 'unauthenticated',
        message: expect.stringContaining('callbackId') as string,
      });
    }
    expect(signalled()).toEqual([]);
    await raise(RUN('c1'), completed, { by: ANA });
    await raise(await callback('c1'), { ...completed, eventId: 'e' });
    expect(signalled()).toHaveLength(2);
  });

  it('is no credential for whoever may not report on steps', async () => {
    const { raise, callback } = await runningWorld();
    const by = { actor: { id: 'eve', role: 'viewer' } } as const;
    await expect(raise(RUN('c1'), completed, { by })).rejects.toMatchObject({ code: 'forbidden' });
    await raise(await callback('c1'), completed, { by });
  });
});
