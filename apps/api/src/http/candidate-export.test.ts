import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { DependencyUnavailableError, LIMITS } from '@loom/domain';
import request from 'supertest';
import { contractWorlds, createHttpWorld } from '../testing/http-world';
import { serve } from '../testing/serve';
import { nextLine, openStream } from '../testing/streams';
import { M } from '../testing/world';

const worldOf = contractWorlds();
const AT = `/migrations/${M}/candidates`;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function httpWorld() {
  const world = worldOf();
  await world.announce({}, [
    { id: 'b', kind: 'service', metadata: { team: '=core' } },
    { id: 'a', kind: 'library', state: { chart: 'x,y' } },
  ]);
  return world;
}

/** `count` candidates behind a store that counts the pages it is asked for, and fails after `most` of them. */
async function serving({ count, most = Infinity }: { count: number; most?: number }) {
  const inner = createHttpWorld();
  let pages = 0;
  const candidates = Object.assign(Object.create(inner.stores.candidates) as typeof inner.stores.candidates, {
    list: (...request: Parameters<typeof inner.stores.candidates.list>) => {
      pages += 1;
      return pages > most
        ? Promise.reject(new DependencyUnavailableError('store', 'away'))
        : inner.stores.candidates.list(...request);
    },
  });
  const world = createHttpWorld({ deps: { ...inner.stores, candidates } });
  await world.announce();
  const all = Array.from({ length: count }, (_, n) => ({
    id: `c${n}`,
    metadata: { filler: 'x'.repeat(2000) },
  }));
  for (let start = 0; start < count; start += LIMITS.candidatesPerSubmit)
    await inner.stores.candidates.submit(
      M,
      all.slice(start, start + LIMITS.candidatesPerSubmit),
      world.clock.now(),
    );
  const { url, close } = await serve(world.bare);
  closers.push(close);
  return { url: `${url}${AT}/export?format=ndjson`, pages: () => pages, logger: world.logger };
}

describe('GET /migrations/{id}/candidates/export', () => {
  it('is NDJSON of all that matches, as the list has them', async () => {
    const { api, start } = await httpWorld();
    await start('b');
    const { text, headers } = await api.get(`${AT}/export?format=ndjson`).expect(200);
    expect(headers['content-disposition']).toBe('attachment; filename="candidates.ndjson"');
    const listed = (await api.get(AT)).body.candidates;
    expect(text).toBe(listed.map((row) => `${JSON.stringify(row)}\n`).join(''));
    const running = await api.get(`${AT}/export?status=running&format=ndjson`).expect(200);
    expect(running.text).toMatch(/^\{"id":"b".*\}\n$/);
    expect((await api.get(`${AT}/export?format=ndjson&meta[team]=nobody`).expect(200)).text).toBe('');
  });

  it('is CSV with a header line, safe to open', async () => {
    const { api } = await httpWorld();
    const { text } = await api
      .get(`${AT}/export?format=csv&sort=id`)
      .expect(200)
      .expect('content-type', /^text\/csv;/);
    const [head, a, b, end] = text.split('\r\n');
    expect(head).toBe(
      'id,kind,status,updatedAt,attempt,startedAt,completedAt,step,stepStatus,reason,attention,attentionSince,inputs,metadata,state',
    );
    expect(a).toMatch(/^a,library,not_started,[^,]+,,,,,,,,,,,"\{""chart"":""x,y""\}"$/);
    expect(b).toMatch(/^b,service,not_started,.*,"\{""team"":""=core""\}",$/);
    expect(end).toBe('');
  });

  it.each([
    [`${AT}/export?format=xml`, 400, 'invalid_request'],
    [`${AT}/export?format=csv&limit=5`, 400, 'invalid_request'],
    [`${AT}/export?format=csv&meta[nope]=x`, 400, 'invalid_request'],
    ['/migrations/nope/candidates/export?format=csv', 404, 'migration_not_found'],
  ])('answers %s like any request: %s', async (path, status, code) => {
    const { api } = await httpWorld();
    expect((await api.get(path).expect(status)).body.code).toBe(code);
  });

  it('holds every candidate once, over many pages', async () => {
    const { url } = await serving({ count: 1203 });
    const lines = (await (await fetch(url)).text()).trimEnd().split('\n');
    expect(new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id)).size).toBe(1203);
    expect(lines).toHaveLength(1203);
  });

  it('is cut off, and does not end, where a later page cannot be read', async () => {
    const { url } = await serving({ count: 1203, most: 2 });
    const response = await openStream(url);
    response.resume();
    const failed = once(response, 'error') as Promise<[Error]>;
    expect((await failed)[0].message).toBe('aborted');
  });

  it('reads no further than its reader, and stops when that one leaves', async () => {
    const { url, pages, logger } = await serving({ count: 20_000 });
    const response: IncomingMessage = await openStream(url);
    await once(response, 'readable');
    const closed = nextLine(logger, 'request');
    response.destroy();
    await closed;
    // 20,000 rows of 2 KB are 40 pages; what sockets and buffers hold are a few.
    expect(pages()).toBeLessThan(30);
  });

  it('leaves a candidate of this name readable, and never is in its place', async () => {
    const { api, bare, service } = await httpWorld();
    const missing = await api.get(`${AT}/export`).expect(404);
    expect(missing.body).toMatchObject({
      code: 'candidate_not_found',
      detail:
        'migration m1 has no candidate export; an export needs its format: ?format=csv or ?format=ndjson',
    });
    await service.submit(M, [{ id: 'export' }]);
    // Not by the contract's oracle: a path with a name of its own has the answers of its own operation alone.
    const readable = await request(bare).get(`${AT}/export`).expect(200);
    expect(readable.body).toMatchObject({ id: 'export', status: 'not_started' });
    const filtered = await api.get(`${AT}/export?status=running`).expect(400);
    expect(filtered.body.errors).toMatchObject([{ pointer: '/query/format' }]);
    expect((await api.get(`${AT}/export?format=ndjson&q=exp`).expect(200)).text).toMatch(
      /^\{"id":"export".*\n$/,
    );
  });
});
