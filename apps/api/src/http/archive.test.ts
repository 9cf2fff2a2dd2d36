import { contractWorlds, runWorld } from '../testing/http-world';
import { M, definition } from '../testing/world';

const worldOf = contractWorlds();
const httpWorld = () => runWorld(worldOf());
const AT = '2026-01-01T00:00:00.000Z';
const ARCHIVE = `/migrations/${M}/archive`;

describe('POST /migrations/{id}/archive', () => {
  it('takes it out of the list, shows when, by whom and why, and is taken back', async () => {
    const { api, announce } = await httpWorld();
    await announce({ id: 'other' });
    const archived = { at: AT, by: 'anonymous', reason: 'all done' };
    const first = await api.post(ARCHIVE).send({ reason: 'all done' }).expect(200);
    expect(first.body.archived).toEqual(archived);
    expect((await api.post(ARCHIVE).expect(200)).body.archived).toEqual(archived);
    expect((await api.get(`/migrations/${M}`).expect(200)).body.archived).toEqual(archived);
    const listed = async (query = '') => (await api.get(`/migrations${query}`).expect(200)).body.migrations;
    expect(await listed()).toMatchObject([{ id: 'other' }]);
    expect(await listed('?archived=false')).toMatchObject([{ id: 'other' }]);
    expect(await listed('?archived=true')).toMatchObject([{ id: M, archived }]);
    const { body } = await api.post(`/migrations/${M}/unarchive`).expect(200);
    expect(body).not.toHaveProperty('archived');
    await api.post(`/migrations/${M}/unarchive`).expect(200);
    expect(await listed()).toMatchObject([{ id: M }, { id: 'other' }]);
    expect(await listed('?archived=true')).toEqual([]);
  });

  it('refuses starts and says why, also where inputs are missing, and stands in no migrator’s way', async () => {
    const { api, announce, post, engine } = await httpWorld();
    await announce({ requiredInputs: [{ name: 'repo', label: 'Repository' }] });
    await api.post(ARCHIVE).send({ reason: 'all done' }).expect(200);
    for (const action of ['start', 'queue', 'execute']) {
      const { body } = await post(action).expect(409);
      expect(body).toMatchObject({ code: 'migration_archived', status: 409 });
      expect(body.detail).toBe(`migration ${M} is archived, since ${AT} by anonymous: all done`);
    }
    expect(engine.manifest(`${M}__c1`)).toBeUndefined();
    await api
      .post('/registry/announce')
      .send({ ...definition({ name: 'again' }), candidates: [{ id: 'c3' }] })
      .expect(200);
    await api
      .post(`/migrations/${M}/candidates`)
      .send({ candidates: [{ id: 'c4' }] })
      .expect(200);
    expect((await api.get(`/migrations/${M}`)).body).toMatchObject({ archived: { by: 'anonymous' } });
    expect((await api.get('/statistics/overview')).body).toMatchObject({
      migrations: { total: 0 },
      candidates: { not_started: 0 },
    });
    await post('dry-run').expect(200);
  });

  it('is 409 while something is queued or running', async () => {
    const { api, post } = await httpWorld();
    await post('queue').expect(202);
    await post('start', {}, 'c2').expect(202);
    const { body } = await api.post(ARCHIVE).expect(409);
    expect(body).toMatchObject({ code: 'migration_in_use', status: 409 });
    expect(body.detail).toBe(
      '1 candidates are queued and 1 are running; dequeue, finish or cancel them first',
    );
    expect((await api.get(`/migrations/${M}`)).body).not.toHaveProperty('archived');
  });

  it('is 404 for what is unknown, 400 for a reason or a list that does not fit', async () => {
    const { api } = await httpWorld();
    for (const action of ['archive', 'unarchive'])
      expect((await api.post(`/migrations/nope/${action}`).expect(404)).body.code).toBe(
        'migration_not_found',
      );
    await api
      .post(ARCHIVE)
      .send({ reason: 'x'.repeat(4097) })
      .expect(400);
    for (const wrong of ['yes', '1', ''])
      expect((await api.get(`/migrations?archived=${wrong}`).expect(400)).body.errors).toMatchObject([
        { pointer: '/query/archived' },
      ]);
  });
});
