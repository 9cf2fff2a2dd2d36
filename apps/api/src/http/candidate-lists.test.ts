import { contractWorlds } from '../testing/http-world';
import { M } from '../testing/world';

const worldOf = contractWorlds();
async function httpWorld() {
  const world = worldOf();
  await world.announce();
  const list = (query = '') => world.api.get(`/migrations/${M}/candidates${query}`);
  const submit = (candidates: unknown, more: object = {}) =>
    world.api.post(`/migrations/${M}/candidates`).send({ candidates, ...more });
  return { ...world, list, submit };
}
const idsOf = (body: { candidates: { id: string }[] }): string[] => body.candidates.map(({ id }) => id);

describe('GET /migrations/{id}/candidates', () => {
  const found = [
    { id: 'api-1', kind: 'app', metadata: { team: 'core', tier: '1' } },
    { id: 'api-2', kind: 'app', metadata: { team: 'core', tier: '2' } },
    { id: 'web-1', kind: 'site', metadata: { team: 'web', tier: '1' } },
  ];
  async function listWorld() {
    const world = await httpWorld();
    await world.service.submit(M, found);
    return world;
  }

  it.each([
    ['', ['api-1', 'api-2', 'web-1']],
    ['?status=not_started', ['api-2', 'web-1']],
    ['?status=running&status=queued', ['api-1']],
    ['?kind=app&kind=site&q=1', ['api-1', 'web-1']],
    ['?q=API', ['api-1', 'api-2']],
    ['?meta[team]=core', ['api-1', 'api-2']],
    ['?meta[team]=core&meta[tier]=2', ['api-2']],
    ['?meta%5Bteam%5D=none', []],
    ['?attention=step_failed', ['api-1']],
    ['?sort=attention', ['api-1']],
    ['?sort=-updatedAt&limit=1', ['api-1']],
  ])('%s', async (query, ids) => {
    const { list, start, worker, clock } = await listWorld();
    clock.advance(1000);
    await start('api-1');
    await worker.begin('api-1');
    await worker.project('api-1', 0, { status: 'failed', attempt: 1, reason: 'no', updatedAt: clock.now() });
    const { body } = await list(query).expect(200);
    expect(idsOf(body)).toEqual(ids);
    expect(body.counts).toEqual({
      not_started: 2,
      queued: 0,
      running: 1,
      completed: 0,
      total: 3,
      attention: 1,
      attentionByKind: { step_failed: 1, awaiting_review: 0, stale: 0 },
    });
  });

  it('pages with the same parameters, and tells total and stream position', async () => {
    const { list, stores } = await listWorld();
    const first = (await list('?kind=app&limit=1').expect(200)).body as { nextCursor: string };
    expect(first).toMatchObject({
      total: 2,
      totalRelation: 'eq',
      streamPosition: await stores.events.position({ migrationId: M }),
    });
    const second = await list(`?kind=app&limit=1&cursor=${encodeURIComponent(first.nextCursor)}`).expect(200);
    expect(idsOf(second.body)).toEqual(['api-2']);
    expect(second.body).not.toHaveProperty('nextCursor');
  });

  it.each([
    ['?status=failed', '/query/status/0'],
    ['?status=running&status=nope', '/query/status/1'],
    ['?attention=bored', '/query/attention/0'],
    ['?sort=name', '/query/sort'],
    ['?limit=0', '/query/limit'],
    ['?limit=1001', '/query/limit'],
    ['?cursor=forged', '/query/cursor'],
    ['?meta=x', '/query/meta'],
    ['?meta[team]=a&meta[team]=b', '/query/meta/team'],
    ['?meta[owner]=x', '/query/meta/owner'],
    ['?stauts=running', '/query/stauts'],
    [`?q=${'x'.repeat(129)}`, '/query/q'],
  ])('refuses %s, never with a default in its place', async (query, pointer) => {
    const { list } = await listWorld();
    const { body } = await list(query).expect(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer }] });
  });

  it('names the indexed keys where another one is asked for', async () => {
    const { list } = await listWorld();
    const { body } = await list('?meta[owner]=x').expect(400);
    expect(JSON.stringify(body)).toMatch(/team.*tier/);
  });

  it('of an unknown migration is 404, not an empty list', async () => {
    const { api } = await httpWorld();
    expect((await api.get('/migrations/nope/candidates').expect(404)).body.code).toBe('migration_not_found');
  });
});

describe('GET /migrations/{id}/facets', () => {
  it('gives values with counts, in the order asked for', async () => {
    const { api, submit } = await httpWorld();
    await submit([
      { id: 'a', kind: 'app', metadata: { team: 'x' } },
      { id: 'b', kind: 'app', metadata: { team: 'y' } },
    ]);
    const { body } = await api.get(`/migrations/${M}/facets?keys=team&keys=kind`).expect(200);
    expect(body.facets).toMatchObject([
      { key: 'team', truncated: false },
      { key: 'kind', values: [{ value: 'app', count: 2 }] },
    ]);
    expect((await api.get(`/migrations/${M}/facets?keys=kind`).expect(200)).body.facets).toHaveLength(1);
  });

  it('gives kind and every indexed key where none is named', async () => {
    const { api, submit } = await httpWorld();
    await submit([{ id: 'a', kind: 'app', metadata: { team: 'x' } }]);
    const { body } = await api.get(`/migrations/${M}/facets`).expect(200);
    expect(body.facets).toMatchObject([{ key: 'kind' }, { key: 'team' }]);
  });

  it('refuses a key that is not indexed, and names those that are', async () => {
    const { api, submit } = await httpWorld();
    await submit([{ id: 'a', metadata: { team: 'x' } }]);
    const { body } = await api.get(`/migrations/${M}/facets?keys=owner`).expect(400);
    expect(body.errors).toMatchObject([{ pointer: '/query/keys' }]);
    expect(JSON.stringify(body)).toContain('team');
    expect((await api.get('/migrations/nope/facets?keys=kind').expect(404)).body.code).toBe(
      'migration_not_found',
    );
  });
});
