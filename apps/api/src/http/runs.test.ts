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
