import { contractWorlds, runWorld } from '../testing/http-world';
import { M } from '../testing/world';

const worldOf = contractWorlds();
const httpWorld = () => runWorld(worldOf());
/** The oracle compiles the contract of each operation that is met first. */
const MANY_OPERATIONS_MS = 30_000;

describe('PUT /migrations/{id}/limits', () => {
  it(
    'refuses starts beyond it, and leaves what is queued in the queue',
    async () => {
      const { api, post, worker } = await httpWorld();
      const { body } = await api.put(`/migrations/${M}/limits`).send({ maxRunning: 1 }).expect(200);
      expect(body).toMatchObject({ id: M, limits: { maxRunning: 1 } });
      await post('start').expect(202);
      await post('queue', {}, 'c2').expect(202);
      expect((await post('execute', {}, 'c2').expect(409)).body).toMatchObject({
        code: 'run_limit_reached',
        detail: `migration ${M} has 1 running candidates, and may have 1`,
      });
      expect((await api.get(`/migrations/${M}`)).body.counts).toMatchObject({ queued: 1, running: 1 });
      await worker.begin('c1');
      await worker.complete('c1');
      await post('execute', {}, 'c2').expect(202);
    },
    MANY_OPERATIONS_MS,
  );

  it('with null takes the limit away', async () => {
    const { api, post } = await httpWorld();
    await api.put(`/migrations/${M}/limits`).send({ maxRunning: 1 }).expect(200);
    await post('start').expect(202);
    expect(
      (await api.put(`/migrations/${M}/limits`).send({ maxRunning: null }).expect(200)).body,
    ).not.toHaveProperty('limits');
    await post('start', {}, 'c2').expect(202);
  });

  it.each([
    ['a body', undefined],
    ['a number', {}],
    ['the right name', { maxRuning: 5 }],
  ])('without %s changes nothing', async (_what, request) => {
    const { api } = await httpWorld();
    for (const path of [`/migrations/${M}/limits`, '/admin/limits']) {
      await api.put(path).send({ maxRunning: 1 }).expect(200);
      const { body } = await api.put(path).send(request).expect(400);
      expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/maxRunning' }] });
    }
    for (const path of [`/migrations/${M}`, '/admin/controls'])
      expect((await api.get(path)).body).toMatchObject({ limits: { maxRunning: 1 } });
  });

  it.each([0, -1, 1.5, '3'])('refuses %p', async (maxRunning) => {
    const { api } = await httpWorld();
    const { body } = await api.put(`/migrations/${M}/limits`).send({ maxRunning }).expect(400);
    expect(body.errors).toMatchObject([{ pointer: '/maxRunning' }]);
    await api.put('/admin/limits').send({ maxRunning }).expect(400);
  });

  it('of an unknown migration is 404', async () => {
    const { api } = await httpWorld();
    expect((await api.put('/migrations/nope/limits').send({ maxRunning: null }).expect(404)).body.code).toBe(
      'migration_not_found',
    );
  });
});

describe('PUT /admin/limits', () => {
  it('counts the running candidates of all migrations', async () => {
    const { api, post, announce } = await httpWorld();
    await announce({ id: 'other' }, [{ id: 'o1' }]);
    await post('start').expect(202);
    const { body } = await api.put('/admin/limits').send({ maxRunning: 1 }).expect(200);
    expect(body).toEqual({ limits: { maxRunning: 1 }, running: 1 });
    expect((await api.post('/migrations/other/candidates/o1/start').expect(409)).body).toMatchObject({
      code: 'run_limit_reached',
      detail: 'as many candidates are running as all migrations together may have',
    });
    expect((await api.put('/admin/limits').send({ maxRunning: null }).expect(200)).body).toEqual({
      running: 1,
    });
    await api.post('/migrations/other/candidates/o1/start').expect(202);
  });
});
