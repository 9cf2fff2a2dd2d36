import { gzipSync } from 'node:zlib';
import { openApiDocument } from '@loom/api-types';
import { apiOf } from '../testing/api-client';
import { contractWorlds } from '../testing/http-world';
import { M } from '../testing/world';

const httpWorld = contractWorlds();
const START = `/migrations/${M}/candidates/c1/start`;

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

  it.each(served)('%s takes the methods of the contract and says so to all others', async (path, item) => {
    const { api } = httpWorld();
    const url = path.replace('{id}', 'm').replace('{cid}', 'c').replace('{callbackId}', 'm__c');
    const has = (method: string): boolean => item[method] !== undefined;
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

describe('bodies', () => {
  it.each([
    ['{"inputs":', 'JSON'],
    ['inputs', 'JSON'],
    ['"text"', ''],
  ])('malformed JSON %j is a 400 that says what is wrong', async (text) => {
    const { api } = httpWorld();
    const { body } = await api.post(START).type('json').send(text).expect(400);
    expect(body).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '' }] });
    expect((body as { errors: { message: string }[] }).errors[0]?.message).toMatch(/JSON/);
  });

  it('a list in place of an object is a 400', async () => {
    const { body } = await httpWorld().api.post(START).send([]).expect(400);
    expect(body.errors).toMatchObject([{ pointer: '' }]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/xml',
    'multipart/form-data',
  ])('%s is a 415', async (type) => {
    const { api } = httpWorld();
    const { body } = await api.post(START).set('content-type', type).send('{}').expect(415);
    expect(body).toMatchObject({
      code: 'unsupported_media_type',
      errors: [{ pointer: '/header/Content-Type', message: 'must be application/json' }],
    });
  });

  it.each([
    ['Content-Type', 'application/json; charset=latin1', /UTF-8/, /latin1.*UTF-8/],
    ['Content-Type', 'application/json; charset=utf-99', /UTF-8/, /utf-99.*UTF-8/],
    ['Content-Encoding', 'snappy', /gzip, deflate, br/, /snappy.*gzip/],
  ])('%s: %s is a 415 that says what to send instead', async (name, value, detail, message) => {
    const { api } = httpWorld();
    const request = api.post(START).set('content-type', 'application/json').set(name, value);
    const { body } = await request.send('{}').expect(415);
    expect(body).toMatchObject({
      code: 'unsupported_media_type',
      detail: expect.stringMatching(detail) as string,
      errors: [
        { pointer: `/header/${name}`, message: expect.stringMatching(new RegExp(message, 'i')) as string },
      ],
    });
  });

  it('one that is not compressed as it says is a 400 that says so', async () => {
    const { api } = httpWorld();
    const request = api.post(START).set('content-type', 'application/json').set('content-encoding', 'gzip');
    const { body } = await request.send('{"inputs":{}}').expect(400);
    expect(body).toMatchObject({
      code: 'invalid_request',
      detail: 'the body cannot be decompressed',
      errors: [{ pointer: '/header/Content-Encoding' }],
    });
  });

  it('a compressed one is read, and its limit is that of what it unpacks to', async () => {
    const { api } = httpWorld();
    const send = (body: unknown) => {
      const request = api
        .post(`/event/m__c`)
        .set('content-type', 'application/json')
        .set('content-encoding', 'gzip');
      return request.serialize((data: unknown) => data as string).send(gzipSync(JSON.stringify(body)));
    };
    expect((await send({ a: 1 }).expect(400)).body.errors).toMatchObject([{ pointer: '/stepName' }, {}, {}]);
    await send({ reason: 'x'.repeat(1_000_000) }).expect(413);
  });

  it('one over 32 MiB is a 413', async () => {
    const { api } = httpWorld();
    const text = JSON.stringify({ candidates: [], padding: 'x'.repeat(32 * 1024 * 1024) });
    const { body } = await api.post(`/migrations/${M}/candidates`).type('json').send(text).expect(413);
    expect(body.code).toBe('payload_too_large');
  });

  it('names like those of every object are keys like any other', async () => {
    const { api, announce, service } = httpWorld();
    await announce({ requiredInputs: [{ name: 'constructor', label: 'C' }] }, [{ id: 'c1' }]);
    expect((await api.post(START).send({ inputs: {} }).expect(400)).body.errors).toMatchObject([
      { pointer: '/inputs/constructor' },
    ]);
    await api
      .post(START)
      .send({ inputs: { constructor: 'x' } })
      .expect(202);
    const { run } = await service.getCandidate({ migrationId: M, candidateId: 'c1' });
    expect(run?.inputs).toEqual({ constructor: 'x' });
  });

  it('is refused where it holds half a surrogate pair, which has no UTF-8, before anything is written', async () => {
    const { api, announce, service } = httpWorld();
    await announce({ requiredInputs: [{ name: 'a', label: 'A' }] }, [{ id: 'c1' }]);
    const half = 'x\ud800';
    const files = [{ name: 'n', repo: 'r', files: [{ path: half, url: 'u' }] }];
    const found = [{ id: 'ok' }, { id: 'b', kind: half, state: { [half]: 'x' }, files }];
    const answer = await api.post(`/migrations/${M}/candidates`).send({ candidates: found }).expect(400);
    expect(answer.body.errors).toMatchObject([
      { pointer: '/candidates/1/kind' },
      { pointer: '/candidates/1/state' },
      { pointer: '/candidates/1/files/0/files/0/path' },
    ]);
    expect((await service.listCandidates(M, { limit: 10, sort: 'id' })).rows).toHaveLength(1);
    const refused = async (path: string, body: object) =>
      (await api.post(path).send(body).expect(400)).body.errors;
    expect(await refused(START, { inputs: { a: half } })).toMatchObject([{ pointer: '/inputs/a' }]);
    await api
      .post(START)
      .send({ inputs: { a: '\u{1F600}' } })
      .expect(202);
    expect(await refused(`/migrations/${M}/candidates/c1/cancel`, { reason: half })).toMatchObject([
      { pointer: '/reason' },
    ]);
    const event = { stepName: 'one', candidateId: 'c1', status: 'open', metadata: { prUrl: half } };
    expect(await refused(`/event/${M}__c1`, event)).toMatchObject([{ pointer: '/metadata/prUrl' }]);
  });

  it('is refused where it is nested too deep, also in what is ignored', async () => {
    const { api, announce } = httpWorld();
    await announce({}, [{ id: 'c1' }]);
    const deep = '['.repeat(20_000) + ']'.repeat(20_000);
    for (const text of [`{"candidates":[{"id":"q","metadata":${deep}}]}`, `{"candidates":[],"zz":${deep}}`]) {
      const answer = await api.post(`/migrations/${M}/candidates`).type('json').send(text).expect(400);
      expect(answer.body.errors).toMatchObject([{ message: 'is nested more than 64 levels deep' }]);
    }
  });

  it('is told of its first problems alone where it has very many', async () => {
    const { api, announce } = httpWorld();
    await announce({}, [{ id: 'c1' }]);
    const halves = `{"zz":[${Array.from({ length: 200_000 }, () => '"\\ud800"').join(',')}]}`;
    const other = await api.post(`/migrations/${M}/candidates`).type('json').send(halves).expect(400);
    expect(other.body.errors).toHaveLength(100);
  });

  it('is refused where a key is __proto__, which would vanish without a word', async () => {
    const { api, announce } = httpWorld();
    await announce({}, [{ id: 'c1' }]);
    const send = async (path: string, text: string) =>
      (await api.post(path).type('json').send(text).expect(400)).body.errors;
    expect(await send(START, '{"inputs":{"__proto__":"x"}}')).toMatchObject([{ pointer: '/inputs' }]);
    const candidates = '{"candidates":[{"id":"b","metadata":{"__proto__":"x"}}]}';
    expect(await send(`/migrations/${M}/candidates`, candidates)).toMatchObject([
      { pointer: '/candidates/0/metadata' },
    ]);
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
