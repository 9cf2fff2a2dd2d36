import { openApiDocument } from '@loom/api-types';
import { apiOf } from '../testing/api-client';
import { contractWorlds } from '../testing/http-world';

const httpWorld = contractWorlds();

describe('paths and methods', () => {
  it.each(['/', '/nope', '/migrations/m/nope', '/Migrations', '/migrations/m/candidates/c/nope/x'])(
    'nothing is at %s',
    async (path) => {
      const { api } = httpWorld();
      const { body } = await api
        .get(path)
        .expect(404)
        .expect('content-type', /^application\/problem\+json/);
      expect(body).toMatchObject({ type: 'about:blank', code: 'not_found', status: 404, instance: path });
    },
  );

  const served = Object.entries(openApiDocument['paths'] as Record<string, Record<string, unknown>>).filter(
    ([, item]) => item['x-loom-served-by'] === undefined,
  );

  /** A path that spells a parameter of another one out answers the methods of both. */
  const methodsAt = (url: string): string[] =>
    served
      .filter(([path]) => new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`).test(url))
      .flatMap(([, item]) => Object.keys(item));

  it.each(served)('%s takes the methods of the contract and says so to all others', async (path) => {
    const { api } = httpWorld();
    const url = path.replace('{id}', 'm').replace('{cid}', 'c').replace('{callbackId}', 'm__c');
    const has = (method: string): boolean => methodsAt(url).includes(method);
    const methods = ['get', 'post', 'put', 'patch', 'delete', 'options'] as const;
    const allowed = methods.filter(has).map((method) => method.toUpperCase());
    for (const method of methods.filter((one) => !has(one))) {
      const answer = await api[method](url).expect(405);
      expect(answer.body).toMatchObject({ code: 'method_not_allowed' });
      const allow = answer.get('allow')?.split(', ') ?? [];
      expect(allow.filter((name) => name !== 'HEAD').sort()).toEqual(allowed.sort());
      expect(allow.includes('HEAD')).toBe(allowed.includes('GET'));
    }
  });

  it('a path of migrators is none of ours', async () => {
    await httpWorld().api.post('/dispatch-step').send({}).expect(404);
  });

  it('a path that cannot be decoded is a 400', async () => {
    // Without the oracle, which cannot decode it either.
    const { body } = await apiOf(httpWorld().bare).get('/migrations/%E0%A4%A').expect(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/path' }] });
  });

  it('HEAD is GET without its body', async () => {
    const { text } = await httpWorld().api.head('/migrations').expect(200);
    expect(text).toBeUndefined();
  });
});

describe('every answer', () => {
  it('carries the request id that came, where it is a sane one', async () => {
    const { api, logger } = httpWorld();
    const answer = await api.get('/nope').set('x-request-id', 'req-1.2:3');
    expect(answer.get('x-request-id')).toBe('req-1.2:3');
    expect(logger.lines.at(-1)?.fields['requestId']).toBe('req-1.2:3');
  });

  it.each(['', 'a b', 'a"b', 'x'.repeat(200), '<script>'])(
    'carries one of ours in place of %j',
    async (id) => {
      const answer = await httpWorld().api.get('/healthz').set('x-request-id', id);
      expect(answer.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('is protected by the usual headers', async () => {
    const { headers } = await httpWorld().api.get('/healthz');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.any(String) as string,
    });
    expect(headers).not.toHaveProperty('x-powered-by');
  });

  it('is compressed for those who ask, where it is worth it', async () => {
    const { api } = httpWorld();
    expect((await api.get('/openapi.json').set('accept-encoding', 'gzip')).get('content-encoding')).toBe(
      'gzip',
    );
    expect(
      (await api.get('/healthz').set('accept-encoding', 'gzip')).get('content-encoding'),
    ).toBeUndefined();
  });

  it('leaves one log line, with its route and not its URL', async () => {
    const { api, logger } = httpWorld();
    await api.get('/migrations/hidden?limit=secret').expect(400);
    await api.get('/nope/hidden').expect(404);
    expect(logger.lines).toMatchObject([
      { level: 'info', message: 'request', fields: { method: 'GET', route: '/migrations/:id', status: 400 } },
      { level: 'info', message: 'request', fields: { method: 'GET', route: '(none)', status: 404 } },
    ]);
    expect(logger.lines[0]?.fields['ms']).toEqual(expect.any(Number));
    expect(JSON.stringify(logger.lines)).not.toMatch(/hidden|secret/);
  });

  it('is told to those who debug alone when it only says that all is well', async () => {
    const { api, logger } = httpWorld();
    for (const path of ['/healthz', '/readyz', '/openapi.json']) await api.get(path).expect(200);
    expect(logger.lines.map(({ level }) => level)).toEqual(['debug', 'debug', 'info']);
  });
});
