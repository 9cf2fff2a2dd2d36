import { contractWorlds, runWorld } from '../testing/http-world';
import { RUN } from '../testing/world';

const requiredInputs = [{ name: 'repo', label: 'Repository' }];
const worldOf = contractWorlds();
const httpWorld = (over: Parameters<typeof runWorld>[1] = {}) => runWorld(worldOf(), over);

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
