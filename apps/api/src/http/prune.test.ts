import { contractWorlds } from '../testing/http-world';
import { M } from '../testing/world';

const worldOf = contractWorlds();
async function httpWorld() {
  const world = worldOf();
  await world.announce();
  const at = `/migrations/${M}/candidates`;
  const submit = (discoveryId: string, ...ids: string[]) =>
    world.api
      .post(at)
      .send({ discoveryId, candidates: ids.map((id) => ({ id })) })
      .expect(200);
  const prune = (body: object) => world.api.post(`${at}/prune`).send(body);
  return { ...world, at, submit, prune };
}

describe('POST /migrations/{id}/candidates/prune', () => {
  it('first tells, then removes what a discovery did not submit', async () => {
    const { submit, prune, start, api, at } = await httpWorld();
    await submit('d1', 'a', 'b', 'c');
    await start('c');
    await submit('d2', 'a');
    const told = { unknown: 0, kept: { queued: 0, running: 1, completed: 0 }, examples: ['b'] };
    await prune({ discoveryId: 'd2', preview: true }).expect(200, {
      preview: true,
      removed: 0,
      remaining: 1,
      ...told,
    });
    await prune({ discoveryId: 'd2' }).expect(200, { preview: false, removed: 1, remaining: 0, ...told });
    expect((await api.get(`${at}/b`).expect(404)).body.code).toBe('candidate_not_found');
    expect((await api.get(at)).body).toMatchObject({ total: 2, counts: { not_started: 1, running: 1 } });
  });

  it('removes the named ones', async () => {
    const { submit, prune, api, at } = await httpWorld();
    await submit('d1', 'a', 'b');
    const { body } = await prune({ ids: ['a', 'nobody'] }).expect(200);
    expect(body).toMatchObject({ removed: 1, unknown: 1, examples: ['a'] });
    expect((await api.get(at)).body.total).toBe(1);
  });

  it.each([
    ['neither a discovery nor ids', {}, ''],
    ['both', { discoveryId: 'd1', ids: ['a'] }, ''],
    ['no ids', { ids: [] }, '/ids'],
    ['an id that is none', { ids: ['a__b'] }, '/ids/0'],
    ['a discovery that nobody knows', { discoveryId: 'd9' }, '/discoveryId'],
    ['a discovery that found nothing', { discoveryId: 'empty' }, '/discoveryId'],
  ])('refuses %s', async (_, request, pointer) => {
    const { submit, prune, api, at } = await httpWorld();
    await submit('d1', 'a');
    await submit('empty');
    expect((await prune(request).expect(400)).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ pointer }],
    });
    expect((await api.get(at)).body.total).toBe(1);
  });

  it('removes all for a discovery that found nothing, when told so', async () => {
    const { submit, prune } = await httpWorld();
    await submit('d1', 'a');
    await submit('empty');
    const { body } = await prune({ discoveryId: 'empty', allowEmpty: true }).expect(200);
    expect(body).toMatchObject({ removed: 1 });
  });

  it('is a 404 of an unknown migration', async () => {
    const { api } = await httpWorld();
    const { body } = await api
      .post('/migrations/nope/candidates/prune')
      .send({ ids: ['a'] })
      .expect(404);
    expect(body.code).toBe('migration_not_found');
  });

  it('leaves a candidate of this name readable', async () => {
    const { submit, api, at } = await httpWorld();
    await submit('d1', 'prune');
    expect((await api.get(`${at}/prune`).expect(200)).body).toMatchObject({ id: 'prune' });
  });
});
