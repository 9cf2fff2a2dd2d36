import { openApiDocument } from '@loom/api-types';
import { DependencyUnavailableError } from '@loom/domain';
import { contractWorlds, createHttpWorld, type HttpWorldOptions } from '../testing/http-world';

const httpWorld = contractWorlds();

describe('what goes wrong inside', () => {
  const failing = (error: Error): HttpWorldOptions => {
    const { deps } = createHttpWorld();
    const migrations = Object.assign(Object.create(deps.migrations) as typeof deps.migrations, {
      list: () => Promise.reject(error),
    });
    return { deps: { migrations } };
  };

  it('is a 500 that tells nothing, and a log line that tells all', async () => {
    const { api, logger } = httpWorld(failing(new Error('password hunter2 at db.internal')));
    const answer = await api.get('/migrations').set('x-request-id', 'r1').expect(500);
    expect(answer.text).not.toMatch(/hunter2|db\.internal/);
    expect(answer.body).toMatchObject({ code: 'internal', detail: 'something went wrong' });
    const line = logger.lines.find(({ level }) => level === 'error');
    expect(line?.fields).toMatchObject({ requestId: 'r1', error: expect.any(Error) as Error });
  });

  it('is a 503 with Retry-After when the store is away, and nothing of where it is', async () => {
    const { api, logger } = httpWorld(
      failing(new DependencyUnavailableError('store', 'ECONNREFUSED 10.0.0.7:6379')),
    );
    const answer = await api.get('/migrations').expect(503);
    expect(answer.get('retry-after')).toBe('2');
    expect(answer.text).not.toContain('10.0.0.7');
    expect(logger.lines.find(({ level }) => level === 'warn')?.fields).toMatchObject({
      code: 'dependency_unavailable',
    });
  });
});

describe('health', () => {
  it('says that the process lives, whatever its dependencies do', async () => {
    const down = { name: 'redis', check: () => Promise.reject(new Error('gone')) };
    await httpWorld({ probes: [down] })
      .api.get('/healthz')
      .expect(200, { status: 'ok' });
  });

  it('says which dependency is away', async () => {
    const redis = { name: 'redis', check: jest.fn().mockResolvedValue(undefined) };
    const temporal = { name: 'temporal', check: () => Promise.resolve() };
    const { api } = httpWorld({ probes: [redis, temporal] });
    const up = { name: 'temporal', status: 'up' };
    await api
      .get('/readyz')
      .expect(200, { status: 'ready', dependencies: [{ name: 'redis', status: 'up' }, up] });
    redis.check.mockRejectedValueOnce(new Error('no answer'));
    const answer = await api.get('/readyz').expect(503);
    expect(answer.body).toEqual({
      status: 'unavailable',
      dependencies: [{ name: 'redis', status: 'down', detail: 'no answer' }, up],
    });
    expect(answer.get('retry-after')).toBeDefined();
    await api.get('/readyz').expect(200);
  });

  it('says that it cannot serve any more once it stops', async () => {
    const { api, stopping } = httpWorld();
    await api.get('/readyz').expect(200);
    stopping.abort();
    expect((await api.get('/readyz').expect(503)).body.status).toBe('unavailable');
  });

  it('takes no parameters', async () => {
    const { api } = httpWorld();
    for (const path of ['/healthz', '/readyz', '/openapi.json']) await api.get(`${path}?x=1`).expect(400);
  });
});

describe('GET /openapi.json', () => {
  it('is the contract that the server was built from', async () => {
    const { body } = await httpWorld()
      .api.get('/openapi.json')
      .expect(200)
      .expect('content-type', /^application\/json/);
    expect(body).toEqual(openApiDocument);
  });
});
