import { createLoomClient, problemOf } from './client';
import type { Problem } from './generated/client';

const problem: Problem = {
  type: 'about:blank',
  title: 'Candidate already running',
  status: 409,
  detail: 'the candidate is already running',
  instance: '/migrations/m/candidates/c/start',
  code: 'candidate_already_running',
  runId: 'm__c',
  attempt: 1,
};

function answer(status: number, body: unknown, type = 'application/json'): jest.SpyInstance {
  return jest
    .spyOn(globalThis, 'fetch')
    .mockImplementation(() =>
      Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': type } })),
    );
}

function sent(fetched: jest.SpyInstance): { url: string; init: RequestInit } {
  const [url, init] = fetched.mock.calls[0] as [string, RequestInit];
  return { url, init };
}

describe('createLoomClient', () => {
  it('sends its own base URL, token and headers, and not those of another instance', async () => {
    const fetched = answer(200, { migrations: [] });
    createLoomClient({ baseUrl: 'http://other.test', headers: { 'x-tenant': 'other' } });
    await createLoomClient({
      baseUrl: 'http://a.test/',
      token: 'KEY',
      headers: { 'x-tenant': 'a' },
    }).migrations.listMigrations({});
    const { url, init } = sent(fetched);
    expect(url).toBe('http://a.test/migrations?limit=100');
    expect(new Headers(init.headers).get('authorization')).toBe('Bearer KEY');
    expect(new Headers(init.headers).get('x-tenant')).toBe('a');
  });

  it('writes repeated and deepObject parameters, and encodes path parameters', async () => {
    const fetched = answer(200, {});
    await createLoomClient({ baseUrl: 'http://a.test' }).candidates.listCandidates({
      id: '../x',
      status: ['queued', 'running'],
      meta: { team: 'a&b' },
      limit: 5,
    });
    const url = new URL(sent(fetched).url);
    expect(url.pathname).toBe('/migrations/..%2Fx/candidates');
    expect(url.searchParams.getAll('status')).toEqual(['queued', 'running']);
    expect(url.searchParams.get('meta[team]')).toBe('a&b');
  });

  it('sends the Idempotency-Key of a start', async () => {
    const fetched = answer(202, { runId: 'm__c', attempt: 1 });
    const client = createLoomClient({ baseUrl: 'http://a.test' });
    const accepted = await client.runs.startCandidate({ id: 'm', cid: 'c', idempotencyKey: 'once' });
    expect(accepted).toEqual({ runId: 'm__c', attempt: 1 });
    expect(new Headers(sent(fetched).init.headers).get('idempotency-key')).toBe('once');
  });

  it('rejects with the problem of the answer', async () => {
    answer(409, problem, 'application/problem+json');
    const client = createLoomClient({ baseUrl: 'http://a.test' });
    const error: unknown = await client.runs.startCandidate({ id: 'm', cid: 'c' }).catch((e: unknown) => e);
    expect(problemOf(error)).toEqual(problem);
  });

  it('rejects when the body of a success was cut off, and keeps the status of a failure', async () => {
    const fetched = jest.spyOn(globalThis, 'fetch');
    const cutOff = (status: number) =>
      new Response('{"migrations":[', { status, headers: { 'content-type': 'application/json' } });
    fetched.mockImplementation(() => Promise.resolve(cutOff(200)));
    const client = createLoomClient({ baseUrl: 'http://a.test' });
    await expect(client.migrations.listMigrations({})).rejects.toMatchObject({ name: 'SyntaxError' });
    fetched.mockImplementation(() => Promise.resolve(cutOff(503)));
    await expect(client.migrations.listMigrations({})).rejects.toMatchObject({ status: 503 });
  });

  it('knows no problem in what is none', async () => {
    answer(500, { oops: true });
    const client = createLoomClient({ baseUrl: 'http://a.test' });
    const error: unknown = await client.system.getHealth().catch((e: unknown) => e);
    expect(problemOf(error)).toBeUndefined();
    expect(problemOf(new Error('no'))).toBeUndefined();
  });
});
