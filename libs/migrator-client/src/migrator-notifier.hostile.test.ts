import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createMigratorNotifier } from './migrator-notifier';
import { flood, unusedPort } from './testing/migrator';
import { request, testParts } from './testing/setup';

const parts = testParts();
afterEach(() => parts.close());

const options = (timeoutMs = 5000, signal = new AbortController().signal) => ({ timeoutMs, signal });
const notifier = (agent = parts.agent()) => createMigratorNotifier({ agent });
const dispatchTo = (migratorUrl: string, timeoutMs?: number) =>
  notifier().dispatch({ ...request, migratorUrl }, options(timeoutMs));

describe('dispatch to a migrator that is absent, slow or hostile', () => {
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
    const away = (unreachable: string) => ({
      outcome: 'retry',
      reason: `step generate-chart of migration m1: ${unreachable}`,
      unreachable,
    });
    const origin = `http://127.0.0.1:${await unusedPort()}`;
    expect(await dispatchTo(origin)).toEqual(away(`cannot reach ${origin}: connection refused`));
    const missing = Object.assign(new Error('queryA evil'), { code: 'ENOTFOUND' });
    const agent = parts.agent({ lookup: () => Promise.reject(missing) });
    expect(
      await notifier(agent).dispatch({ ...request, migratorUrl: 'http://gone.test' }, options()),
    ).toEqual(away('cannot reach http://gone.test: the name does not resolve'));
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
