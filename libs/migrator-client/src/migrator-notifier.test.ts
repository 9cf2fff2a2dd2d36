import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { DispatchRequest } from '@loom/ports';
import { createMigratorNotifier } from './migrator-notifier';
import { flood, unusedPort } from './testing/migrator';
import { MAC, request, testParts } from './testing/setup';

const parts = testParts();
afterEach(() => parts.close());

const NOW = Date.parse('2026-01-01T00:00:00Z');
const options = (timeoutMs = 5000, signal = new AbortController().signal) => ({ timeoutMs, signal });
const notifier = (agent = parts.agent()) => createMigratorNotifier({ agent, now: () => NOW });
const dispatchTo = (migratorUrl: string, timeoutMs?: number) =>
  notifier().dispatch({ ...request, migratorUrl }, options(timeoutMs));

describe('dispatch', () => {
  it('posts what the contract says, with a key that names the step attempt', async () => {
    const migrator = await parts.migrator((response) => response.writeHead(202).end());
    expect(await dispatchTo(`${migrator.url}/base/`)).toEqual({ outcome: 'accepted' });
    const [call] = migrator.received;
    expect(call).toMatchObject({ method: 'POST', path: '/base/dispatch-step' });
    expect(call?.headers).toMatchObject({
      'content-type': 'application/json',
      'idempotency-key': 'm1__c1/2/1/3',
    });
    expect(call?.body).toEqual({
      migrationId: 'm1',
      stepName: 'generate-chart',
      stepIndex: 1,
      candidate: { ...request.candidate, metadata: { team: 'core', region: 'us', tier: 'gold' } },
      config: { chart: 'base' },
      inputs: { region: 'us', tier: 'gold' },
      type: 'render',
      callbackId: request.callbackId,
      callbackUrl: request.callbackUrl,
      eventName: 'step-completed:generate-chart:c1',
      migratorApp: 'chart-migrator',
      migratorUrl: `${migrator.url}/base/`,
      runId: 'm1__c1',
      attempt: 3,
      runAttempt: 2,
    });
  });

  it('leaves out what there is not', async () => {
    const migrator = await parts.migrator((response) => response.end());
    const bare: DispatchRequest = {
      ...request,
      candidate: { id: 'c1' },
      inputs: {},
      migratorUrl: migrator.url,
    };
    delete bare.type;
    delete bare.config;
    delete bare.callbackUrl;
    await notifier().dispatch(bare, options());
    expect(Object.keys(migrator.received[0]?.body as object).sort()).toEqual(
      'attempt callbackId candidate eventName migrationId migratorApp migratorUrl runAttempt runId stepIndex stepName'.split(
        ' ',
      ),
    );
    expect(migrator.received[0]?.body).toMatchObject({ candidate: { id: 'c1', metadata: {} } });
  });

  it.each([200, 201, 202, 204, 299])('takes %d for accepted', async (status) => {
    const migrator = await parts.migrator((response) => response.writeHead(status).end());
    expect(await dispatchTo(migrator.url)).toEqual({ outcome: 'accepted' });
  });

  it.each([
    [500, 'retry'],
    [502, 'retry'],
    [503, 'retry'],
    [429, 'retry'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [405, 'refused'],
    [409, 'refused'],
    [422, 'refused'],
  ] as const)('names status %d: %s', async (status, outcome) => {
    const migrator = await parts.migrator((response) => response.writeHead(status).end());
    expect(await dispatchTo(migrator.url)).toEqual({
      outcome,
      reason: `step generate-chart of migration m1: the migrator answered ${status}`,
    });
  });

  it.each([
    ['7', 7000],
    ['Thu, 01 Jan 2026 00:01:00 GMT', 60_000],
    ['Wed, 31 Dec 2025 23:00:00 GMT', 0],
    ['soon', undefined],
    ['-5', undefined],
  ])('waits as Retry-After %s says', async (value, afterMs) => {
    const migrator = await parts.migrator((response) =>
      response.writeHead(503, { 'retry-after': value }).end(),
    );
    const result = await dispatchTo(migrator.url);
    expect(result).toMatchObject({ outcome: 'retry' });
    expect('afterMs' in result ? result.afterMs : undefined).toBe(afterMs);
  });

  it.each([
    ['application/problem+json', JSON.stringify({ title: 't', detail: 'no such chart' }), 'no such chart'],
    ['application/json', JSON.stringify({ error: 'bad\nconfig' }), 'bad config'],
    ['text/plain', ` plain\u001b[31m words `, 'plain [31m words'],
    ['application/json', '{"cut', '{"cut'],
    ['text/plain', 'x'.repeat(500), 'x'.repeat(200)],
  ])('tells what the migrator said (%s)', async (type, body, said) => {
    const migrator = await parts.migrator((response) =>
      response.writeHead(400, { 'content-type': type }).end(body),
    );
    expect(await dispatchTo(migrator.url)).toEqual({
      outcome: 'refused',
      reason: `step generate-chart of migration m1: the migrator answered 400: ${said}`,
    });
  });

  it('does not tell pages of HTML', async () => {
    const migrator = await parts.migrator((response) =>
      response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>'),
    );
    expect(await dispatchTo(migrator.url)).toMatchObject({
      reason: expect.stringMatching(/answered 502$/) as string,
    });
  });

  it('sends credentials of the URL as a header and tells no secret that comes back', async () => {
    const migrator = await parts.migrator((response, { headers, body }) =>
      response
        .writeHead(401, { 'content-type': 'text/plain' })
        .end(`${MAC} canary-key ${headers.authorization ?? ''} ${JSON.stringify(body)}`),
    );
    const url = `http://loom:canary-key@127.0.0.1:${migrator.port}`;
    const result = await dispatchTo(url);
    const basic = Buffer.from('loom:canary-key').toString('base64');
    expect(migrator.received[0]?.headers.authorization).toBe(`Basic ${basic}`);
    expect(JSON.stringify(result)).toContain('[redacted]');
    for (const secret of ['canary-key', basic, MAC]) expect(JSON.stringify(result)).not.toContain(secret);
    const away = await dispatchTo(`http://loom:canary-key@127.0.0.1:${await unusedPort()}`);
    expect(away).toMatchObject({ outcome: 'retry' });
    expect(JSON.stringify(away)).not.toContain('canary-key');
  });

  it.each([301, 302, 303, 307, 308])('does not follow a redirect (%d)', async (status) => {
    const target = await parts.migrator((response) => response.end());
    const migrator = await parts.migrator((response) =>
      response.writeHead(status, { location: target.url }).end(),
    );
    expect(await dispatchTo(migrator.url)).toEqual({
      outcome: 'refused',
      reason: `step generate-chart of migration m1: the migrator answered ${status}; redirects are not followed`,
    });
    expect(target.received).toEqual([]);
  });

  it('does not follow a redirect to a metadata address', async () => {
    const migrator = await parts.migrator((response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end(),
    );
    expect(await dispatchTo(migrator.url)).toMatchObject({ outcome: 'refused' });
  });

  it.each([
    ['', 'the migrator URL is empty'],
    ['nonsense', 'the migrator URL is malformed'],
    ['http://[::ffff:169.254.169.254]/', 'the migrator URL is not allowed'],
    ['http://2852039166/', 'the migrator URL is not allowed'],
    ['http://0xa9fea9fe/', 'the migrator URL is not allowed'],
  ])('refuses the URL %j and names step and migration', async (url, reason) => {
    const result = await dispatchTo(url);
    expect(result).toMatchObject({ outcome: 'refused', reason: expect.stringContaining(reason) as string });
    expect(result).toMatchObject({
      reason: expect.stringContaining('step generate-chart of migration m1') as string,
    });
  });

  it('refuses a name that resolves to a link-local address', async () => {
    const agent = parts.agent({ lookup: () => Promise.resolve([{ address: '169.254.169.254', family: 4 }]) });
    expect(
      await notifier(agent).dispatch({ ...request, migratorUrl: 'http://evil.test' }, options()),
    ).toEqual({
      outcome: 'refused',
      reason:
        'step generate-chart of migration m1: evil.test resolves to 169.254.169.254: a link-local address',
    });
  });

  it('tries again when nothing listens, when the name does not resolve, and when the connection breaks', async () => {
    const origin = `http://127.0.0.1:${await unusedPort()}`;
    expect(await dispatchTo(origin)).toEqual({
      outcome: 'retry',
      reason: `step generate-chart of migration m1: cannot reach ${origin}: connection refused`,
    });
    const missing = Object.assign(new Error('queryA evil'), { code: 'ENOTFOUND' });
    const agent = parts.agent({ lookup: () => Promise.reject(missing) });
    expect(
      await notifier(agent).dispatch({ ...request, migratorUrl: 'http://gone.test' }, options()),
    ).toEqual({
      outcome: 'retry',
      reason: 'step generate-chart of migration m1: cannot reach http://gone.test: the name does not resolve',
    });
    const rude = await parts.migrator((response) => response.destroy());
    expect(await dispatchTo(rude.url)).toMatchObject({
      outcome: 'retry',
      reason: expect.stringContaining('the connection was closed') as string,
    });
  });

  it('tries again when the answer is not HTTP', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-nonsense\r\n'));
    try {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      expect(await dispatchTo(`http://127.0.0.1:${port}`)).toMatchObject({
        outcome: 'retry',
        reason: expect.stringContaining('what it sent is not HTTP') as string,
      });
    } finally {
      server.close();
    }
  });

  it('gives up on a migrator that never answers, and cuts the connection', async () => {
    const migrator = await parts.migrator(() => undefined);
    expect(await dispatchTo(migrator.url, 100)).toEqual({
      outcome: 'retry',
      reason: `step generate-chart of migration m1: no answer from ${migrator.url} within 100 ms`,
    });
    await migrator.cut();
  });

  it('accepts on the status alone: a body that drips or floods is cut off', async () => {
    const dripping = await parts.migrator((response) => response.writeHead(200).write('a'));
    expect(await dispatchTo(dripping.url)).toEqual({ outcome: 'accepted' });
    await dripping.cut();
    let written = (): number => 0;
    const flooding = await parts.migrator((response) => ({ written } = flood(response.writeHead(200), 100)));
    expect(await dispatchTo(flooding.url)).toEqual({ outcome: 'accepted' });
    await flooding.cut();
    expect(written()).toBeLessThan(50);
  });

  it('refuses by the status although the explaining body never ends, or is huge', async () => {
    const dripping = await parts.migrator((response) =>
      response.writeHead(400, { 'content-type': 'text/plain' }).write('not this one'),
    );
    expect(await dispatchTo(dripping.url, 200)).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/answered 400: not this one$/) as string,
    });
    const flooding = await parts.migrator((response) => flood(response.writeHead(500), 100));
    expect(await dispatchTo(flooding.url)).toMatchObject({ outcome: 'retry' });
    await flooding.cut();
  });

  it('aborts the call itself when told to', async () => {
    const stop = new AbortController();
    const migrator = await parts.migrator(() => stop.abort());
    const result = await notifier().dispatch(
      { ...request, migratorUrl: migrator.url },
      options(5000, stop.signal),
    );
    expect(result).toEqual({
      outcome: 'retry',
      reason: 'step generate-chart of migration m1: the call was aborted',
    });
    await migrator.cut();
  });

  it('sends nothing when it was aborted before', async () => {
    const migrator = await parts.migrator((response) => response.end());
    const result = await notifier().dispatch(
      { ...request, migratorUrl: migrator.url },
      options(5000, AbortSignal.abort()),
    );
    expect(result).toMatchObject({ outcome: 'retry' });
    expect(migrator.received).toEqual([]);
  });

  it('uses its test server over a plain socket too', async () => {
    // Proves that `cut` above can fail: a connection that nobody closes stays open.
    const migrator = await parts.migrator((response) => response.end('hi'));
    const socket = connect(migrator.port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
    await once(socket, 'data');
    expect(
      await Promise.race([migrator.cut().then(() => 'cut'), new Promise((r) => setTimeout(r, 50, 'open'))]),
    ).toBe('open');
    socket.destroy();
  });
});

describe('cancelStep', () => {
  const notice = {
    runId: 'm1__c1',
    runAttempt: 2,
    candidateId: 'c1',
    migratorUrl: '',
    steps: [
      {
        stepName: 'generate-chart',
        status: 'open' as const,
        attempt: 1,
        metadata: { prUrl: 'https://git.example/1' },
        lastHeardAt: '2026-01-01T00:00:00.000Z',
        lastEvent: { fingerprint: 'abc' },
      },
    ],
  };

  it('posts the steps that were reached, without what is never shown', async () => {
    const migrator = await parts.migrator((response) => response.writeHead(204).end());
    const result = await notifier().cancelStep({ ...notice, migratorUrl: migrator.url }, options());
    expect(result).toEqual({ outcome: 'accepted' });
    expect(migrator.received[0]).toMatchObject({ method: 'POST', path: '/cancel-step' });
    expect(migrator.received[0]?.body).toEqual({
      runId: 'm1__c1',
      runAttempt: 2,
      candidateId: 'c1',
      steps: [
        {
          stepName: 'generate-chart',
          status: 'open',
          attempt: 1,
          metadata: { prUrl: 'https://git.example/1' },
        },
      ],
    });
  });

  it.each([
    [404, 'accepted'],
    [405, 'accepted'],
    [500, 'retry'],
    [400, 'refused'],
  ])('takes %d for %s', async (status, outcome) => {
    const migrator = await parts.migrator((response) => response.writeHead(status).end());
    const result = await notifier().cancelStep({ ...notice, migratorUrl: migrator.url }, options());
    expect(result.outcome).toBe(outcome);
  });
});
