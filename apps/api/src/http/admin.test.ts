import { contractWorlds } from '../testing/http-world';
import { M } from '../testing/world';

const makeWorld = contractWorlds();
const REPORT = { restarted: 1, cancelsAsked: 0, cancelsSettled: 0, released: 0 };
const FINDING = { runId: `${M}__c1`, runAttempt: 1, did: 'settled' as const, reason: 'why' };

describe('a reconciliation that an admin asks for', () => {
  it('goes on, is joined by others, and is told when it has ended', async () => {
    const { api, reconciler } = makeWorld();
    expect((await api.get('/admin/reconcile').expect(200)).body).toEqual({ store: 'sound', waiting: 0 });
    const started = (await api.post('/admin/reconcile').expect(202)).body as unknown as { id: string };
    expect(started).toEqual({ id: started.id, status: 'running' });
    expect((await api.post('/admin/reconcile').expect(202)).body).toEqual(started);
    reconciler.report = { ...REPORT, compared: 3, findings: [FINDING] };
    const ended = (await api.post('/admin/reconcile').expect(200)).body;
    const report = { ...REPORT, stale: 0, compared: 3, waiting: 0, findings: [FINDING] };
    expect(ended).toEqual({ id: started.id, status: 'completed', report });
    expect((await api.get(`/admin/reconcile/${started.id}`).expect(200)).body).toEqual(ended);
    expect((await api.get('/admin/reconcile').expect(200)).body).toMatchObject({ reconciliation: ended });
  });

  it('is a 404 when there is none of that id', async () => {
    const { api } = makeWorld();
    expect((await api.get('/admin/reconcile/nope').expect(404)).body.code).toBe('not_found');
  });
});

describe('a store that has lost its data', () => {
  async function lost() {
    const world = makeWorld();
    const { stores, announce, start, engine, deps } = world;
    await deps.memory.remember('store'); // as a worker does when it starts
    await announce({}, [{ id: 'c1' }]);
    await start('c1');
    engine.close(`${M}__c1`);
    stores.lose();
    await announce({}, [{ id: 'c1' }, { id: 'c2' }]);
    const begin = (id: string, body?: object) =>
      world.api.post(`/migrations/${M}/candidates/${id}/start`).send(body);
    return { ...world, begin };
  }

  it('starts nothing until the numbers of attempts are restored', async () => {
    const { api, begin } = await lost();
    const refused = await begin('c1').expect(503);
    expect(refused.body.code).toBe('dependency_unavailable');
    expect(refused.body.detail).toContain('has lost its data');
    expect((await api.get('/admin/reconcile').expect(200)).body).toMatchObject({ store: 'lost' });
  });

  it('starts only what has a number then, until an admin says with which to begin', async () => {
    const { api, begin, stores } = await lost();
    await stores.recovery.raiseAttempts(M, [{ candidateId: 'c1', runAttempt: 4, isOpen: false }]);
    await stores.recovery.adopt('store', '2026-01-01T00:00:00.000Z');
    await stores.recovery.settleAll();
    expect((await api.get('/admin/reconcile').expect(200)).body).toEqual({
      ...{ store: 'sound', lostAt: '2026-01-01T00:00:00.000Z', waiting: 1 },
    });
    await begin('c1').expect(503);
    await stores.recovery.resolve(M, 'c1');
    expect((await begin('c1').expect(202)).body).toMatchObject({ attempt: 5 });
    const unknown = await begin('c2').expect(409);
    expect(unknown.body).toMatchObject({ code: 'attempt_unknown', runId: `${M}__c2` });
    expect(unknown.body.detail).toContain('/admin/recovery/accept');
    expect((await begin('c2', { attempt: 9 }).expect(202)).body).toMatchObject({ attempt: 9 });
    await api.post('/admin/recovery/accept').send({ migrationId: 'nope', firstAttempt: 3 }).expect(404);
    const accept = (body: object) => api.post('/admin/recovery/accept').send(body);
    expect((await accept({ migrationId: M, firstAttempt: 3 }).expect(200)).body).toEqual({ migrations: 1 });
    expect((await accept({ firstAttempt: 3 }).expect(200)).body).toEqual({ migrations: 0 });
    expect((await api.get('/admin/reconcile').expect(200)).body).not.toHaveProperty('lostAt');
  });
});

describe('an attempt number', () => {
  it('is not taken where none was lost', async () => {
    const { api, announce } = makeWorld();
    await announce({}, [{ id: 'c1' }]);
    const answer = await api.post(`/migrations/${M}/candidates/c1/start`).send({ attempt: 3 }).expect(400);
    expect(answer.body.errors).toMatchObject([{ pointer: '/attempt' }]);
  });

  it('of a store that nobody has named yet begins with 1', async () => {
    const { stores, announce, start, deps } = makeWorld();
    stores.lose();
    await announce({}, [{ id: 'c1' }]);
    expect(await start('c1')).toMatchObject({ attempt: 1 });
    expect((await stores.recovery.identity()).id).toBe(await deps.memory.remembered());
  });
});
