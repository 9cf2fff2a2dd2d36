import type { DispatchRequest } from '@loom/ports';
import { createMigratorNotifier } from './migrator-notifier';
import { unusedPort } from './testing/migrator';
import { MAC, request, testParts } from './testing/setup';

const parts = testParts();
afterEach(() => parts.close());

const NOW = Date.parse('2026-01-01T00:00:00Z');
const options = () => ({ timeoutMs: 5000, signal: new AbortController().signal });
const notifier = () => createMigratorNotifier({ agent: parts.agent(), now: () => NOW });
const dispatchTo = (migratorUrl: string) => notifier().dispatch({ ...request, migratorUrl }, options());

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
    expect(result).not.toHaveProperty('unreachable');
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
    expect(away).toMatchObject({
      outcome: 'retry',
      unreachable: expect.stringMatching(/^cannot reach http.*: connection refused$/) as string,
    });
    expect(JSON.stringify(away)).not.toContain('canary-key');
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
