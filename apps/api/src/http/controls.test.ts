import { contractWorlds, runWorld } from '../testing/http-world';
import { M, RUN } from '../testing/world';
import { nextLine } from '../testing/streams';

const worldOf = contractWorlds();
const httpWorld = () => runWorld(worldOf());
const AT = '2026-01-01T00:00:00.000Z';
/** The oracle compiles the contract of each operation that is met first. */
const MANY_OPERATIONS_MS = 30_000;

describe('POST /migrations/{id}/pause', () => {
  it(
    'shows since when, by whom and why, and keeps the first reason',
    async () => {
      const { api, clock } = await httpWorld();
      const paused = { at: AT, by: 'anonymous', reason: 'the forge is down', scope: 'migration' };
      const first = await api
        .post(`/migrations/${M}/pause`)
        .send({ reason: 'the forge is down' })
        .expect(200);
      expect(first.body.paused).toEqual(paused);
      clock.advance(1000);
      expect((await api.post(`/migrations/${M}/pause`).expect(200)).body.paused).toEqual(paused);
      expect((await api.get(`/migrations/${M}`)).body.paused).toEqual(paused);
      expect((await api.get('/migrations')).body.migrations).toMatchObject([{ id: M, paused }]);
      const { body } = await api.post(`/migrations/${M}/resume`).expect(200);
      expect(body).not.toHaveProperty('paused');
      await api.post(`/migrations/${M}/resume`).expect(200);
    },
    MANY_OPERATIONS_MS,
  );

  it(
    'refuses starts, says why, and leaves everything else possible',
    async () => {
      const { api, post, engine } = await httpWorld();
      await post('start', {}, 'c2').expect(202);
      await post('queue').expect(202);
      await api.post(`/migrations/${M}/pause`).send({ reason: 'the forge is down' }).expect(200);
      for (const action of ['start', 'execute']) {
        const { body } = await post(action).expect(409);
        expect(body).toMatchObject({ code: 'migration_paused', status: 409 });
        expect(body.detail).toBe(`migration ${M} is paused, since ${AT} by anonymous: the forge is down`);
      }
      await api.delete(`/migrations/${M}/candidates/c1/dequeue`).expect(204);
      await post('queue').expect(202);
      await post('dry-run').expect(200);
      await post('cancel').expect(204);
      await post('cancel', {}, 'c2').expect(204);
      await api
        .post(`/migrations/${M}/candidates`)
        .send({ candidates: [{ id: 'c3' }] })
        .expect(200);
      expect(engine.manifest(RUN('c1'))).toBeUndefined();
      await api.post(`/migrations/${M}/resume`).expect(200);
      await post('start').expect(202);
    },
    MANY_OPERATIONS_MS,
  );

  it('repeats the answer of a start that came before it', async () => {
    const { api, post } = await httpWorld();
    const start = () => post('start').set('Idempotency-Key', 'k');
    const { body } = await start().expect(202);
    await api.post(`/migrations/${M}/pause`).expect(200);
    expect((await start().expect(202)).body).toEqual(body);
    await api.post('/admin/pause').expect(200);
    expect((await start().expect(202)).body).toEqual(body);
  });

  it('of an unknown migration is 404, with a reason that is none 400', async () => {
    const { api } = await httpWorld();
    for (const action of ['pause', 'resume'])
      expect((await api.post(`/migrations/nope/${action}`).expect(404)).body.code).toBe(
        'migration_not_found',
      );
    await api
      .post(`/migrations/${M}/pause`)
      .send({ reason: 'x'.repeat(4097) })
      .expect(400);
  });
});

describe('POST /admin/pause', () => {
  it('pauses every migration, and ends for all but those paused by themselves', async () => {
    const { api, announce, post } = await httpWorld();
    await announce({ id: 'other' });
    expect((await api.get('/admin/controls').expect(200)).body).toEqual({ running: 0 });
    const paused = { at: AT, by: 'anonymous', reason: 'night' };
    const { body } = await api.post('/admin/pause').send({ reason: 'night' }).expect(200);
    expect(body).toEqual({ paused, running: 0 });
    const listed = async () => (await api.get('/migrations')).body.migrations;
    expect(await listed()).toMatchObject(
      [M, 'other'].map((id) => ({ id, paused: { ...paused, scope: 'all' } })),
    );
    expect((await post('start').expect(409)).body).toMatchObject({
      code: 'migration_paused',
      detail: `every migration is paused, since ${AT} by anonymous: night`,
    });
    await api.post('/migrations/other/pause').expect(200);
    expect((await api.post('/admin/resume').expect(200)).body).toEqual({ running: 0 });
    expect((await api.get('/migrations/other')).body.paused).toMatchObject({ scope: 'migration' });
    await post('start').expect(202);
  });
});

describe('the end of a pause', () => {
  /** A run that has come to its dispatch while its migration was paused. */
  const heldWorld = async () => {
    const world = await httpWorld();
    const { post, worker, api, run, stores, clock } = world;
    await post('start').expect(202);
    await worker.begin('c1');
    await api.post(`/migrations/${M}/pause`).expect(200);
    const { steps = [], currentStep = 0, inputs = {}, attempt: runAttempt = 1 } = (await run('c1')) ?? {};
    const [first, ...others] = steps.map((step) => ({ ...step, status: 'in_progress' as const, attempt: 1 }));
    const view = {
      steps: first === undefined ? [] : [first, ...others],
      currentStep,
      inputs,
      at: clock.now(),
    };
    await stores.ledger.project({
      ...view,
      migrationId: M,
      candidateId: 'c1',
      runAttempt,
      seq: 1,
      dispatches: true,
    });
    return world;
  };
  const told = [{ runId: RUN('c1'), message: { signal: 'release', payload: { runAttempt: 1 } } }];

  it('is told to the runs that it held, which show since when', async () => {
    const { api, engine } = await heldWorld();
    const { body } = await api.get(`/migrations/${M}/candidates/c1`).expect(200);
    expect(body.run).toMatchObject({ heldSince: AT });
    const signalled = new Promise<void>((resolve) => {
      const signal = engine.signal.bind(engine);
      jest.spyOn(engine, 'signal').mockImplementation(async (...args) => {
        const answer = await signal(...args);
        resolve();
        return answer;
      });
    });
    await api.post(`/migrations/${M}/resume`).expect(200);
    await signalled;
    expect(engine.messages).toEqual(told);
  });

  it('ends though the engine is away, and is left to the reconciliation', async () => {
    const { api, engine, logger, stores } = await heldWorld();
    engine.fail({ certain: false });
    const warned = nextLine(
      logger,
      'held runs could not be told of the end of a pause; the reconciliation tells them',
    );
    await api.post(`/migrations/${M}/resume`).expect(200);
    await warned;
    expect(await stores.held.due('2027-01-01T00:00:00.000Z', 9)).toMatchObject([{ runId: RUN('c1') }]);
  });
});
