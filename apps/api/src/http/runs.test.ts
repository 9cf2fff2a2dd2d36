import { MigratorCallError } from '@loom/domain';
import { createHttpWorld } from '../testing/http-world';
import { M, RUN, step } from '../testing/world';

const requiredInputs = [{ name: 'repo', label: 'Repository' }];
const worlds: ReturnType<typeof createHttpWorld>[] = [];
afterEach(() => {
  for (const { broken } of worlds.splice(0)) expect(broken).toEqual([]);
});

async function httpWorld(over: Parameters<ReturnType<typeof createHttpWorld>['announce']>[0] = {}) {
  const world = createHttpWorld();
  worlds.push(world);
  await world.announce(over, [{ id: 'c1' }, { id: 'c2' }]);
  const post = (action: string, body?: object, candidate = 'c1') => {
    const request = world.api.post(`/migrations/${M}/candidates/${candidate}/${action}`);
    return body === undefined ? request : request.send(body);
  };
  const failStep = async () => {
    await world.start('c1');
    await world.worker.begin('c1');
    await world.worker.project('c1', 0, { status: 'failed', attempt: 1 });
  };
  return { ...world, post, failStep };
}

describe('POST …/start', () => {
  it('needs no body where the migration asks for no inputs', async () => {
    const { post } = await httpWorld();
    await post('start').expect(202, { runId: RUN('c1'), attempt: 1 });
    await post('start', {}, 'c2').expect(202, { runId: RUN('c2'), attempt: 1 });
  });

  it('takes inputs and names those that are missing or unknown', async () => {
    const { post, engine } = await httpWorld({ requiredInputs });
    const { body } = await post('start', { inputs: { other: 'x' } }).expect(400);
    expect(body).toMatchObject({
      code: 'invalid_inputs',
      errors: [{ pointer: '/inputs/other' }, { pointer: '/inputs/repo', message: 'Repository is required' }],
    });
    await post('start').expect(400);
    await post('start', { inputs: { repo: 3 } }).expect(400);
    await post('start', { inputs: { repo: 'acme/c1' } }).expect(202);
    expect(engine.manifest(RUN('c1'))?.inputs).toEqual({ repo: 'acme/c1' });
  });

  it('tells with a 409 which attempt stands in the way', async () => {
    const { post, clock, worker } = await httpWorld();
    await post('start').expect(202);
    const met = { runId: RUN('c1'), attempt: 1, startedAt: clock.now() };
    expect((await post('start').expect(409)).body).toMatchObject({
      code: 'candidate_already_running',
      ...met,
    });
    await worker.begin('c1');
    await worker.complete('c1');
    expect((await post('start').expect(409)).body).toMatchObject({
      code: 'candidate_already_completed',
      ...met,
    });
  });

  it('of 50 at the same time answers one 202 and 49 409', async () => {
    const { post } = await httpWorld();
    const answers = await Promise.all(Array.from({ length: 50 }, () => post('start')));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([202, ...Array<number>(49).fill(409)]);
  });

  it('answers run_cancelling while an older attempt does not close', async () => {
    const { post, engine } = await httpWorld();
    await post('start').expect(202);
    await post('cancel').expect(204);
    jest.spyOn(engine, 'awaitClosed').mockResolvedValue(false);
    expect((await post('start').expect(409)).body).toMatchObject({ code: 'run_cancelling', attempt: 1 });
    expect((await post('queue').expect(409)).body.code).toBe('run_cancelling');
    expect((await post('execute').expect(409)).body.code).toBe('run_cancelling');
  });

  it('of something unknown is 404', async () => {
    const { post, api } = await httpWorld();
    expect((await post('start', {}, 'nope').expect(404)).body.code).toBe('candidate_not_found');
    expect((await api.post('/migrations/nope/candidates/c1/start').expect(404)).body.code).toBe(
      'migration_not_found',
    );
    await post('start', {}, 'a__b').expect(400);
  });

  it('asks to come back while the engine is away', async () => {
    const { post, engine } = await httpWorld();
    engine.fail({ certain: false });
    const answer = await post('start').set('Idempotency-Key', 'k').expect(503);
    expect(Number(answer.get('retry-after'))).toBeGreaterThan(0);
    expect(answer.body).toMatchObject({
      code: 'dependency_unavailable',
      detail: 'the engine cannot be used now',
    });
    engine.recover();
    await post('start')
      .set('Idempotency-Key', 'k')
      .expect(202, { runId: RUN('c1'), attempt: 1 });
  });
});

describe('Idempotency-Key', () => {
  it.each(['start', 'queue'])(
    'on %s gets a repeat the first answer, and the same key elsewhere a 400',
    async (action) => {
      const { post } = await httpWorld({ requiredInputs });
      const withKey = (body: object, candidate?: string) =>
        post(action, body, candidate).set('Idempotency-Key', 'k1');
      const first = await withKey({ inputs: { repo: 'x' } }).expect(202);
      const again = await withKey({ unknown: 1, inputs: { repo: 'x' } }).expect(202);
      expect(again.body).toEqual(first.body);
      for (const other of [withKey({ inputs: { repo: 'y' } }), withKey({ inputs: { repo: 'x' } }, 'c2')]) {
        const { body } = await other.expect(400);
        expect(body).toMatchObject({
          code: 'invalid_request',
          errors: [{ pointer: '/header/Idempotency-Key' }],
        });
      }
    },
  );

  it('on execute and retry works alike', async () => {
    const { post, worker, engine } = await httpWorld();
    await post('queue').expect(202);
    const first = await post('execute').set('Idempotency-Key', 'k1').expect(202);
    expect((await post('execute').set('Idempotency-Key', 'k1').expect(202)).body).toEqual(first.body);
    expect((await post('start').set('Idempotency-Key', 'k1').expect(400)).body.code).toBe('invalid_request');
    await worker.begin('c1');
    await worker.project('c1', 0, { status: 'failed', attempt: 1 });
    await post('retry-step', { stepName: 'one' }).set('Idempotency-Key', 'k2').expect(202);
    await worker.project('c1', 0, { status: 'failed', attempt: 2 });
    await post('retry-step', { stepName: 'one' }).set('Idempotency-Key', 'k2').expect(202);
    expect(engine.messages).toHaveLength(1);
  });

  it.each(['', 'x'.repeat(256)])('of a bad length is a 400 (%#)', async (key) => {
    const { post } = await httpWorld();
    const { body } = await post('start').set('Idempotency-Key', key).expect(400);
    expect(body.errors).toMatchObject([{ pointer: '/header/Idempotency-Key' }]);
  });
});

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
    const { post, engine } = await httpWorld();
    expect((await post('cancel').expect(409)).body).toMatchObject({
      code: 'candidate_not_running',
      runId: RUN('c1'),
    });
    await post('cancel', {}, 'nope').expect(404);
    await post('cancel', { reason: 'x'.repeat(4097) }).expect(400);
    await post('start').expect(202);
    engine.fail({ certain: true });
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

describe('dry runs', () => {
  const files = [{ path: 'a.yaml', repo: 'r', before: 'x', after: 'y', status: 'modified' as const }];

  it('of a known candidate', async () => {
    const { post, api, dryRunner } = await httpWorld({ requiredInputs });
    dryRunner.answer([
      { stepName: 'one', skipped: false, files },
      { stepName: 'two', skipped: true, error: 'e' },
    ]);
    const expected = {
      steps: [
        { stepName: 'one', skipped: false, files },
        { stepName: 'two', skipped: true, error: 'e' },
      ],
    };
    await post('dry-run').expect(200, expected);
    await post('dry-run', { inputs: { repo: 'x' } }).expect(200, expected);
    await api
      .post(`/migrations/${M}/dry-run`)
      .send({ candidateId: 'c1', inputs: { repo: 'x' } })
      .expect(200, expected);
    expect(dryRunner.calls.map(({ candidate }) => candidate.metadata)).toEqual([
      {},
      { repo: 'x' },
      { repo: 'x' },
    ]);
  });

  it('of a candidate in full, in an earlier dialect too', async () => {
    const { api, dryRunner } = await httpWorld();
    const candidate = { id: 'new', status: 'running', files: null, steps: [step('own')] };
    await api.post(`/migrations/${M}/dry-run`).send({ candidate }).expect(200);
    expect(dryRunner.calls).toMatchObject([
      { candidate: { id: 'new', files: [] }, steps: [{ name: 'own' }] },
    ]);
  });

  it.each([
    [{}, '/candidateId'],
    [{ candidateId: 'a__b' }, '/candidateId'],
    [{ candidate: { id: 'a__b' } }, '/candidate/id'],
    [{ candidate: {} }, '/candidate/id'],
    [{ candidateId: 'c1', candidate: { id: 'c1' } }, ''],
    [{ candidateId: 'c1', inputs: { other: 'x' } }, '/inputs/other'],
  ])('refuse %j', async (body, pointer) => {
    const { api } = await httpWorld();
    expect((await api.post(`/migrations/${M}/dry-run`).send(body).expect(400)).body.errors).toMatchObject([
      { pointer },
    ]);
  });

  it.each([
    ['migrator_url_not_allowed', 400],
    ['migrator_unreachable', 502],
    ['migrator_error', 502],
    ['migrator_timeout', 504],
  ] as const)('answer %s with %d, never with a 500', async (code, status) => {
    const { post, api, dryRunner } = await httpWorld();
    dryRunner.answer(new MigratorCallError(code, 'what the migrator did'));
    const answers = [
      await post('dry-run').expect(status),
      await api.post(`/migrations/${M}/dry-run`).send({ candidateId: 'c1' }).expect(status),
    ];
    for (const { body } of answers) expect(body).toMatchObject({ code, detail: 'what the migrator did' });
  });

  it('of something unknown are 404', async () => {
    const { post, api } = await httpWorld();
    expect((await post('dry-run', {}, 'nope').expect(404)).body.code).toBe('candidate_not_found');
    await api.post(`/migrations/${M}/dry-run`).send({ candidateId: 'nope' }).expect(404);
    expect(
      (await api.post('/migrations/nope/dry-run').send({ candidateId: 'c1' }).expect(404)).body.code,
    ).toBe('migration_not_found');
  });
});
