import { DependencyUnavailableError } from '@loom/domain';
import { ANA, M } from '../testing/world';
import { contractWorlds, runWorld } from '../testing/http-world';

const make = contractWorlds();
const auditedWorld = async () => {
  const world = await runWorld(make());
  await world.post('queue');
  await world.post('cancel', { reason: 'not now' });
  await world.post('start', undefined, 'c2');
  return world;
};

describe('GET /audit', () => {
  it('tells who did what, newest first, page by page', async () => {
    const { api } = await auditedWorld();
    const all = (await api.get('/audit').expect(200)).body.entries;
    expect(all.map(({ action }) => action)).toEqual(['start', 'cancel', 'queue', 'submit', 'announce']);
    expect(all[1]).toMatchObject({
      actor: { id: 'anonymous', role: 'admin' },
      migrationId: M,
      candidateId: 'c1',
      runId: `${M}__c1`,
      runAttempt: 1,
      before: { status: 'queued' },
      after: { status: 'not_started', attempt: 1 },
      reason: 'not now',
    });
    const first = (await api.get('/audit?limit=2').expect(200)).body;
    const rest = (await api.get(`/audit?limit=9&cursor=${first.nextCursor}`).expect(200)).body;
    expect([...first.entries, ...rest.entries]).toEqual(all);
    expect(rest).not.toHaveProperty('nextCursor');
  });

  it('is narrowed by each parameter', async () => {
    const { api, service } = await auditedWorld();
    await service.queue({ migrationId: M, candidateId: 'c1', inputs: {}, by: ANA });
    const actions = async (query: string) =>
      (await api.get(`/audit?${query}`).expect(200)).body.entries.map(({ action }) => action);
    expect(await actions(`migrationId=${M}&candidateId=c2`)).toEqual(['start']);
    expect(await actions('actor=anonymous&action=queue')).toEqual(['queue']);
    expect(await actions('action=queue')).toHaveLength(2);
    expect(await actions(`migrationId=nope`)).toEqual([]);
    expect(await actions('since=2000-01-01T00:00:00Z&until=2000-01-02T00:00:00Z')).toEqual([]);
    expect(await actions('since=2000-01-01T00:00:00%2B02:00')).toHaveLength(6);
  });

  it('refuses what it does not know, and a candidate without its migration', async () => {
    const { api } = await auditedWorld();
    const wrong = {
      'candidateId=c1': '/query/migrationId',
      'action=fly': '/query/action',
      'since=soon': '/query/since',
    };
    const more = { 'limit=0': '/query/limit', 'cursor=x': '/query/cursor', 'who=ana': '/query/who' };
    for (const [query, pointer] of Object.entries({ ...wrong, ...more })) {
      for (const path of pointer === '/query/limit' || pointer === '/query/cursor'
        ? ['/audit']
        : ['/audit', '/audit/export'])
        expect((await api.get(`${path}?${query}`).expect(400)).body.errors).toMatchObject([{ pointer }]);
    }
    expect((await api.get('/audit/export?format=xml').expect(400)).body.errors).toMatchObject([
      { pointer: '/query/format' },
    ]);
  });

  it('never tells a secret, whatever carried it', async () => {
    const world = make();
    await world.announce({ migratorUrl: 'http://user:canary-password@migrator.test' }, [{ id: 'c1' }]);
    const at = `/migrations/${M}/candidates/c1`;
    const keyed = (path: string, n: number) => world.api.post(path).set('idempotency-key', `canary-key-${n}`);
    await keyed(`${at}/start`, 1).auth('loom', 'canary-credential').expect(202);
    await world.worker.begin('c1');
    const callback = await world.callback('c1');
    const event = { stepName: 'one', candidateId: 'c1', metadata: { token: 'canary-metadata' } };
    await world.api
      .post(`/event/${callback}`)
      .send({ ...event, status: 'failed', reason: 'no chart' })
      .set('x-request-id', callback)
      .expect(202);
    await world.worker.project('c1', 0, { status: 'failed', attempt: 1 });
    await keyed(`${at}/retry-step`, 2).send({ stepName: 'one' }).expect(202);
    await world.api.post(`${at}/cancel`).send({ reason: 'enough' }).expect(204);
    await world.worker.settle('c1');
    const { text, body } = await world.api.get('/audit').expect(200);
    expect(body.entries.map(({ action }) => action)).toEqual([
      'settle_cancel',
      'cancel',
      'retry',
      'event',
      'start',
      'submit',
      'announce',
    ]);
    expect(body.entries[3]).toMatchObject({
      actor: { id: 'migrator', role: 'migrator' },
      after: { stepName: 'one', status: 'failed', attempt: 1 },
      reason: 'no chart',
    });
    const mac = callback.split('~').at(-1) ?? '';
    const csv = await world.api.get('/audit/export?format=csv').expect(200);
    for (const secret of ['canary', 'nonce-1', callback, mac]) {
      expect(text).not.toContain(secret);
      expect(csv.text).not.toContain(secret);
    }
  });

  it('has no entry of what was refused, nor of a report that changes nothing', async () => {
    const { api, post, ...world } = await auditedWorld();
    const known = (await api.get('/audit')).body.entries;
    await post('dequeue').expect(405);
    await post('cancel').expect(409);
    await post('start', undefined, 'nope').expect(404);
    await api
      .post(`/event/${M}__c2`)
      .send({ stepName: 'none', candidateId: 'c2', status: 'open' })
      .expect(409);
    await world.announce({}, [{ id: 'c1' }]);
    expect((await api.get('/audit')).body.entries).toEqual(known);
  });

  it('hands nothing to a workflow that the audit could not take', async () => {
    const world = await runWorld(make());
    await world.failStep();
    jest
      .spyOn(world.stores.audit, 'append')
      .mockRejectedValue(new DependencyUnavailableError('store', 'away'));
    await world.post('retry-step', { stepName: 'one' }).expect(503);
    await world.api
      .post(`/event/${M}__c1`)
      .send({ stepName: 'one', candidateId: 'c1', status: 'open', runAttempt: 1, attempt: 2 })
      .expect(503);
    expect(world.engine.messages).toEqual([]);
  });
});

describe('GET …/attempts', () => {
  const path = `/migrations/${M}/candidates/c1/attempts`;

  it('tells every attempt of the candidate, newest first, with the steps it had reached', async () => {
    const world = await auditedWorld();
    await world.failStep();
    await world.post('cancel', { reason: 'wrong chart' }).expect(204);
    await world.worker.settle('c1');
    await world.post('start').expect(202);
    const { attempts } = (await world.api.get(path).expect(200)).body;
    expect(attempts).toMatchObject([
      { attempt: 3, outcome: 'running', steps: [{ status: 'not_started' }, { status: 'not_started' }] },
      {
        attempt: 2,
        outcome: 'cancelled',
        cancelledBy: 'anonymous',
        reason: 'wrong chart',
        steps: [{ stepName: 'one', status: 'failed' }, { status: 'not_started' }],
      },
      { attempt: 1, outcome: 'cancelled', reason: 'not now', steps: [] },
    ]);
    const first = (await world.api.get(`${path}?limit=2`).expect(200)).body;
    const rest = (await world.api.get(`${path}?cursor=${first.nextCursor}`).expect(200)).body;
    expect([...first.attempts, ...rest.attempts]).toEqual(attempts);
  });

  it('is a 404 for what is unknown, and empty for what was never started', async () => {
    const { api } = await runWorld(make());
    expect((await api.get(path).expect(200)).body).toEqual({ attempts: [] });
    const unknown = await api.get(`/migrations/${M}/candidates/nope/attempts`).expect(404);
    expect(unknown.body.code).toBe('candidate_not_found');
    const nowhere = await api.get('/migrations/nope/candidates/c1/attempts').expect(404);
    expect(nowhere.body.code).toBe('migration_not_found');
    await api.get(`${path}?cursor=x`).expect(400);
  });
});
