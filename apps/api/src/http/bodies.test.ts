import { gzipSync } from 'node:zlib';
import { contractWorlds } from '../testing/http-world';
import { M } from '../testing/world';

const httpWorld = contractWorlds();
const START = `/migrations/${M}/candidates/c1/start`;

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
