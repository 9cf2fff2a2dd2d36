import { DependencyUnavailableError } from '@loom/domain';
import { contractWorlds, runWorld } from '../testing/http-world';
import { M, RUN } from '../testing/world';

const requiredInputs = [{ name: 'repo', label: 'Repository' }];
const worldOf = contractWorlds();
const httpWorld = (over: Parameters<typeof runWorld>[1] = {}) => runWorld(worldOf(), over);

describe('POST …/queue, DELETE …/dequeue, POST …/execute', () => {
  it('queue, change, execute', async () => {
    const { post, api, engine } = await httpWorld({ requiredInputs });
    await post('queue', { inputs: { repo: 'a' } }).expect(202, { runId: RUN('c1') });
    await api
      .patch(`/migrations/${M}/candidates/c1/inputs`)
      .send({ inputs: { repo: 'b' } })
      .expect(204);
    await post('execute').expect(202, { runId: RUN('c1'), attempt: 1 });
    expect(engine.manifest(RUN('c1'))?.inputs).toEqual({ repo: 'b' });
  });

  it('queue is refused for bad inputs, and where it is queued already', async () => {
    const { post } = await httpWorld({ requiredInputs });
    expect((await post('queue').expect(400)).body.code).toBe('invalid_inputs');
    await post('queue', { inputs: { repo: 'a' } }).expect(202);
    expect((await post('queue', { inputs: { repo: 'a' } }).expect(409)).body).toMatchObject({
      code: 'candidate_already_queued',
      runId: RUN('c1'),
      attempt: 0,
    });
    expect((await post('queue', {}, 'nope').expect(404)).body.code).toBe('candidate_not_found');
  });

  it('dequeue gives 204 once and 409 after that', async () => {
    const { post, api } = await httpWorld();
    const dequeue = (candidate = 'c1') => api.delete(`/migrations/${M}/candidates/${candidate}/dequeue`);
    await post('queue').expect(202);
    expect((await dequeue().expect(204)).text).toBe('');
    expect((await dequeue().expect(409)).body).toMatchObject({
      code: 'candidate_not_queued',
      runId: RUN('c1'),
    });
    await dequeue('nope').expect(404);
    await dequeue('a__b').expect(400);
  });

  it('execute is refused unless queued, and while a required input is missing', async () => {
    const { post, announce } = await httpWorld();
    expect((await post('execute').expect(409)).body.code).toBe('candidate_not_queued');
    await post('queue').expect(202);
    await announce({ requiredInputs });
    expect((await post('execute').expect(400)).body.code).toBe('invalid_inputs');
    await post('execute', { inputs: { repo: 'x' } }).expect(202);
    expect((await post('execute', { inputs: { repo: 'x' } }).expect(409)).body.code).toBe(
      'candidate_already_running',
    );
    await post('execute', {}, 'nope').expect(404);
  });
});

describe('POST …/cancel', () => {
  it('is 204, again too, and keeps the first reason', async () => {
    const { post, run } = await httpWorld();
    await post('start').expect(202);
    await post('cancel', { reason: 'first' }).expect(204);
    await post('cancel', { reason: 'second' }).expect(204);
    await post('cancel').expect(204);
    expect((await run('c1'))?.cancel).toMatchObject({ by: 'anonymous', reason: 'first' });
  });

  it('is 409 where nothing runs, 404 for what is unknown, 400 for a reason that does not fit', async () => {
    const { post } = await httpWorld();
    expect((await post('cancel').expect(409)).body).toMatchObject({
      code: 'candidate_not_running',
      runId: RUN('c1'),
    });
    await post('cancel', {}, 'nope').expect(404);
    await post('cancel', { reason: 'x'.repeat(4097) }).expect(400);
  });

  it('is 204 as soon as it is recorded, and 503 where it may not be', async () => {
    const { post, engine, stores } = await httpWorld();
    await post('start').expect(202);
    engine.fail({ certain: true });
    await post('cancel').expect(204);
    jest.spyOn(stores.runs, 'cancel').mockRejectedValue(new DependencyUnavailableError('store', 'away'));
    expect((await post('cancel').expect(503)).get('retry-after')).toBeDefined();
  });
});

describe('POST …/reset', () => {
  const complete = async ({ start, worker }: Awaited<ReturnType<typeof httpWorld>>) => {
    await start('c1');
    await worker.begin('c1');
    await worker.complete('c1');
  };

  it('is 204 once: the candidate can be started again, and its attempt stays visible', async () => {
    const world = await httpWorld();
    const { api, post, callback } = world;
    await complete(world);
    const late = await callback('c1');
    expect((await post('reset', { reason: 'reverted' }).expect(204)).text).toBe('');
    expect((await post('reset', { reason: 'reverted' }).expect(409)).body).toMatchObject({
      code: 'candidate_not_completed',
      runId: RUN('c1'),
    });
    await post('steps').expect(405);
    await api.get(`/migrations/${M}/candidates/c1/steps`).expect(404);
    const event = { stepName: 'one', candidateId: 'c1', status: 'open' };
    expect((await api.post(`/event/${late}`).send(event).expect(409)).body.code).toBe('event_not_expected');
    expect((await post('start').expect(202)).body).toEqual({ runId: RUN('c1'), attempt: 2 });
    expect((await api.post(`/event/${late}`).send(event).expect(409)).body.code).toBe('event_not_expected');
    const { attempts } = (await api.get(`/migrations/${M}/candidates/c1/attempts`).expect(200)).body;
    expect(attempts).toMatchObject([
      { attempt: 2, outcome: 'running' },
      { attempt: 1, outcome: 'completed' },
    ]);
    const { entries } = (await api.get(`/audit?migrationId=${M}&candidateId=c1&action=reset`)).body;
    expect(entries).toMatchObject([{ action: 'reset', reason: 'reverted', runAttempt: 1 }]);
  });

  it('is 409 where it is not completed, 404 for what is unknown, 400 without a reason', async () => {
    const { post } = await httpWorld();
    const refused = async () => (await post('reset', { reason: 'x' }).expect(409)).body;
    expect(await refused()).toMatchObject({ code: 'candidate_not_completed', runId: RUN('c1') });
    await post('start').expect(202);
    expect(await refused()).toMatchObject({ code: 'candidate_not_completed', attempt: 1 });
    await post('cancel').expect(204);
    expect((await refused()).code).toBe('run_cancelling');
    await post('reset', { reason: 'x' }, 'nope').expect(404);
    for (const body of [{}, { reason: '' }])
      expect((await post('reset', body).expect(400)).body.errors).toMatchObject([{ pointer: '/reason' }]);
    await post('reset', { reason: 'x'.repeat(4097) }).expect(400);
  });

  it('is for admins', async () => {
    const world = await httpWorld();
    await complete(world);
    const by = { actor: { id: 'ana', role: 'operator' as const }, reason: 'x' };
    const reset = world.service.reset({ migrationId: M, candidateId: 'c1', by });
    await expect(reset).rejects.toMatchObject({ code: 'forbidden' });
    expect((await world.run('c1'))?.status).toBe('completed');
  });
});

describe('POST …/retry-step', () => {
  it('is 202, and so is a repeat that names its attempt', async () => {
    const { post, failStep, engine, worker } = await httpWorld();
    await failStep();
    expect((await post('retry-step', { stepName: 'one', attempt: 1 }).expect(202)).text).toBe('');
    await worker.project('c1', 0, { status: 'in_progress', attempt: 2 });
    await post('retry-step', { stepName: 'one', attempt: 1 }).expect(202);
    expect(engine.messages.map(({ message }) => message.signal)).toEqual(['retryStep']);
    expect((await post('retry-step', { stepName: 'one' }).expect(409)).body).toMatchObject({
      code: 'step_not_failed',
      runId: RUN('c1'),
      attempt: 1,
    });
  });

  it.each([
    [{}, '/stepName'],
    [{ stepName: '' }, '/stepName'],
    [{ stepName: 'three' }, '/stepName'],
    [{ stepName: 'one', attempt: 0 }, '/attempt'],
    [{ stepName: 'one', attempt: '1' }, '/attempt'],
  ])('refuses %j', async (body, pointer) => {
    const { post, failStep } = await httpWorld();
    await failStep();
    expect((await post('retry-step', body).expect(400)).body.errors).toMatchObject([{ pointer }]);
  });

  it('is 409 where nothing runs and 404 for what is unknown', async () => {
    const { post } = await httpWorld();
    expect((await post('retry-step', { stepName: 'one' }).expect(409)).body.code).toBe(
      'candidate_not_running',
    );
    await post('retry-step', { stepName: 'one' }, 'nope').expect(404);
  });
});

describe('PATCH …/inputs', () => {
  it('is 204 while running, and reaches the workflow', async () => {
    const { api, start, engine } = await httpWorld({ requiredInputs });
    await start('c1', { repo: 'a' });
    const { text } = await api
      .patch(`/migrations/${M}/candidates/c1/inputs`)
      .send({ inputs: { repo: 'b' } })
      .expect(204);
    expect(text).toBe('');
    expect(engine.messages).toMatchObject([
      { message: { signal: 'updateInputs', payload: { by: 'anonymous' } } },
    ]);
  });

  it('is 400 for an unknown key, 409 where nothing runs, 404 for what is unknown', async () => {
    const { api, start } = await httpWorld({ requiredInputs });
    const patch = (body: object, candidate = 'c1') =>
      api.patch(`/migrations/${M}/candidates/${candidate}/inputs`).send(body);
    expect((await patch({ inputs: { repo: 'b' } }).expect(409)).body.code).toBe('candidate_not_running');
    await start('c1', { repo: 'a' });
    expect((await patch({ inputs: { other: 'b' } }).expect(400)).body).toMatchObject({
      code: 'invalid_inputs',
      errors: [{ pointer: '/inputs/other' }],
    });
    expect((await patch({}).expect(400)).body.errors).toMatchObject([{ pointer: '/inputs' }]);
    await patch({ inputs: {} }, 'nope').expect(404);
  });
});
