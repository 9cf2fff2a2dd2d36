import { noAttention } from '@loom/domain';
import { createHttpWorld } from '../testing/http-world';
import { ANA, M, definition } from '../testing/world';

const world = createHttpWorld();
const { api, broken, service, start, announce } = world;
afterEach(() => expect(broken.splice(0)).toEqual([]));

describe('GET /migrations', () => {
  it('is an empty list, never null, while there is none', async () => {
    const { body } = await api.get('/migrations').expect(200);
    expect(body).toEqual({ migrations: [] });
  });

  it('pages by an opaque cursor that is absent on the last page', async () => {
    for (const id of ['a1', 'a2', 'a3']) await announce({ id });
    const first = await api.get('/migrations?limit=2').expect(200);
    expect(first.body.migrations.map(({ id }: { id: string }) => id)).toEqual(['a1', 'a2']);
    const { nextCursor } = first.body as { nextCursor: string };
    const second = await api.get('/migrations').query({ limit: 2, cursor: nextCursor }).expect(200);
    expect(second.body.migrations.map(({ id }: { id: string }) => id)).toEqual(['a3']);
    expect(second.body).not.toHaveProperty('nextCursor');
  });

  it.each([
    ['limit=0', '/query/limit'],
    ['limit=1001', '/query/limit'],
    ['limit=ten', '/query/limit'],
    ['limit=', '/query/limit'],
    ['limit=1e2', '/query/limit'],
    ['limit=1&limit=2', '/query/limit'],
    ['cursor=', '/query/cursor'],
    ['cursor=nonsense', '/query/cursor'],
    ['cursor=a&cursor=b', '/query/cursor'],
    ['page=2', '/query/page'],
    ['limit[x]=2', '/query/limit'],
  ])('refuses ?%s, and points to it', async (query, pointer) => {
    const { body } = await api.get(`/migrations?${query}`).expect(400);
    expect(body).toMatchObject({ code: 'invalid_request', instance: '/migrations' });
    expect(body.errors).toEqual([{ pointer, message: expect.any(String) as string }]);
  });
});

describe('GET /migrations/{id}', () => {
  it('is the definition with its counts, and no more than the contract names', async () => {
    const requiredInputs = [{ name: 'repo', label: 'Repository' }];
    await announce({ overview: ['first', 'second'], requiredInputs }, [{ id: 'c1' }, { id: 'c2' }]);
    await start('c1', { repo: 'x' });
    const { body } = await api.get(`/migrations/${M}`).expect(200);
    expect(body).toEqual({
      ...definition({ overview: ['first', 'second'], requiredInputs }),
      revision: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
      lastAnnouncedAt: '2026-01-01T00:00:00.000Z',
      counts: {
        not_started: 1,
        queued: 0,
        running: 1,
        completed: 0,
        total: 2,
        attention: 0,
        attentionByKind: noAttention(),
      },
    });
  });

  it('adds runs and cancelled attempts where `include` asks, once or repeated', async () => {
    await service.queue({ migrationId: M, candidateId: 'c2', inputs: { repo: 'x' } });
    await service.cancel({ migrationId: M, candidateId: 'c2' });
    const one = await api.get(`/migrations/${M}?include=candidateRuns`).expect(200);
    expect(one.body.candidateRuns).toEqual({ c1: { runId: `${M}__c1`, status: 'running', attempt: 1 } });
    expect(one.body).not.toHaveProperty('cancelledAttempts');
    const both = await api
      .get(`/migrations/${M}?include=candidateRuns&include=cancelledAttempts`)
      .expect(200);
    expect(both.body.cancelledAttempts).toMatchObject([
      { candidateId: 'c2', attempt: 1, cancelledBy: 'ana' },
    ]);
    await api.get(`/migrations/${M}?include=everything`).expect(400);
  });

  it('never shows the credentials of a migrator URL', async () => {
    await announce({ id: 'secretive', migratorUrl: 'http://loom:hunter2@migrator.test:3001/base' });
    const { text, body } = await api.get('/migrations/secretive').expect(200);
    expect(text).not.toContain('hunter2');
    expect(body.migratorUrl).toContain('migrator.test:3001/base');
  });

  it('of an unknown migration is 404, of a malformed id 400', async () => {
    const { body } = await api.get('/migrations/nope').expect(404);
    expect(body).toMatchObject({ code: 'migration_not_found', status: 404, instance: '/migrations/nope' });
    for (const id of ['a__b', '-a', 'a%20b', 'x'.repeat(129)]) {
      const answer = await api.get(`/migrations/${id}`).expect(400);
      expect(answer.body.errors).toMatchObject([{ pointer: '/path/id' }]);
    }
  });
});

describe('GET /migrations/{id}/cancelled-attempts', () => {
  it('is a page, newest first', async () => {
    for (const reason of ['a', 'b']) {
      await service.queue({ migrationId: M, candidateId: 'c2', inputs: { repo: 'x' } });
      await service.cancel({ migrationId: M, candidateId: 'c2', by: { ...ANA, reason } });
    }
    const first = await api.get(`/migrations/${M}/cancelled-attempts?limit=2`).expect(200);
    expect(first.body.cancelledAttempts).toMatchObject([
      { attempt: 3, reason: 'b', steps: [] },
      { attempt: 2, reason: 'a', steps: [] },
    ]);
    const { nextCursor } = first.body as { nextCursor: string };
    const rest = await api
      .get(`/migrations/${M}/cancelled-attempts`)
      .query({ cursor: nextCursor })
      .expect(200);
    expect(rest.body.cancelledAttempts).toHaveLength(1);
    await api.get(`/migrations/${M}/cancelled-attempts?cursor=x`).expect(400);
  });

  it('is empty, never null, and 404 for an unknown migration', async () => {
    await announce({ id: 'quiet' });
    expect((await api.get('/migrations/quiet/cancelled-attempts').expect(200)).body).toEqual({
      cancelledAttempts: [],
    });
    expect((await api.get('/migrations/nope/cancelled-attempts').expect(404)).body.code).toBe(
      'migration_not_found',
    );
  });
});
