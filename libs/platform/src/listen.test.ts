import { once } from 'node:events';
import { connect } from 'node:net';
import { listen } from './listen';
import type { Listener } from './listen';
import { startFailure } from './main';
import { ConfigError, StartError } from './start-error';

const host = '127.0.0.1';

const codeOf = (error: unknown): unknown =>
  (error as { cause?: NodeJS.ErrnoException } | undefined)?.cause?.code;

/** Until it takes no new connections. */
async function untilDeaf({ server }: Listener): Promise<void> {
  while (server.listening) await new Promise((resolve) => setImmediate(resolve));
}

describe('listen', () => {
  const listeners: Listener[] = [];
  const started = async (...args: Parameters<typeof listen>): Promise<Listener> => {
    const listener = await listen(...args);
    listeners.push(listener);
    return listener;
  };
  afterEach(async () => {
    await Promise.all(listeners.splice(0).map((listener) => listener.close(AbortSignal.abort())));
  });

  it('tells the port that the system chose', async () => {
    const { port } = await started((_request, response) => response.end('hi'), { host, port: 0 });
    expect(await (await fetch(`http://${host}:${port}/`)).text()).toBe('hi');
  });

  it.each([
    ['headers that are too large', `GET /${'x'.repeat(17_000)} HTTP/1.1\r\n\r\n`, 'larger than 16 KiB'],
    ['no HTTP', 'nonsense\r\n\r\n', 'not HTTP'],
  ])('answers %s with a problem', async (_, sent, detail) => {
    const { port } = await started((_request, response) => response.end('hi'), { host, port: 0 });
    const socket = connect({ host, port });
    socket.write(sent);
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1.1 400 .*application\/problem\+json/s);
    expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(body).toContain(detail);
  });

  it('does not write into an answer under way', async () => {
    const { port } = await started((_request, response) => response.write('half'), { host, port: 0 });
    const socket = connect({ host, port });
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    let answer = '';
    socket.on('data', (chunk) => {
      // The second request comes while the first is being answered.
      if (answer === '') socket.write('nonsense\r\n\r\n');
      answer += String(chunk);
    });
    socket.on('error', () => undefined);
    await once(socket, 'close');
    expect(answer).toContain('half');
    expect(answer).not.toContain('problem');
  });

  it('says in one line that a port is taken', async () => {
    const { port } = await started(() => undefined, { host, port: 0 });
    const failure = listen(() => undefined, { host, port });
    await expect(failure).rejects.toThrow(StartError);
    await expect(failure).rejects.toThrow(`port ${port} is taken: stop what holds it, or set PORT`);
  });

  it('says in one line that an address is not its own', async () => {
    const failure = listen(() => undefined, { host: '192.0.2.1', port: 0 });
    await expect(failure).rejects.toThrow('192.0.2.1 is not an address of this machine');
  });

  it('answers who had connected before it stopped to listen, however many there are', async () => {
    const listener = await started((_request, response) => response.end('hi'), { host, port: 0, drainMs: 0 });
    const clients = Array.from({ length: 50 }, async () => {
      const answer = await fetch(`http://${host}:${listener.port}/`);
      return await answer.text();
    });
    // The first is served, so the others are on their way or wait to be accepted.
    await once(listener.server, 'connection');
    const closed = listener.close();
    const answers = await Promise.allSettled(clients);
    await closed;
    const refused = (one: PromiseSettledResult<string>): boolean =>
      one.status === 'rejected' && codeOf(one.reason) === 'ECONNREFUSED';
    expect(answers.filter((one) => one.status === 'rejected' && !refused(one))).toEqual([]);
    expect(answers.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(1);
  });

  it('leaves a kept connection to its next request when a stream ends while it drains', async () => {
    const ask = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
    let endStream: (() => void) | undefined;
    const listener = await started(
      (request, response) => {
        response.write('hi');
        if (request.url === '/stream') endStream = () => response.end();
        else response.end();
      },
      { host, port: 0, drainMs: 300 },
    );
    const [kept, stream] = [connect(listener.port, host), connect(listener.port, host)];
    stream.write(ask.replace('GET /', 'GET /stream'));
    await once(stream, 'data');
    kept.write(ask);
    await once(kept, 'data');
    const closed = listener.close();
    endStream?.();
    await once(stream.resume(), 'end');
    kept.write(ask);
    expect(String(await once(kept, 'data'))).toMatch(/connection: close/i);
    await closed;
  });

  it('does not wait for a connection that never asked anything', async () => {
    const listener = await started(() => undefined, { host, port: 0, drainMs: 0 });
    const ahead = connect(listener.port, host);
    await Promise.all([once(listener.server, 'connection'), once(ahead, 'connect')]);
    await Promise.all([listener.close(), once(ahead, 'close')]);
    expect(listener.server.listening).toBe(false);
  });

  it('still answers the first request of a connection that was made before it stopped to listen', async () => {
    const listener = await started((_request, response) => response.end('hi'), { host, port: 0, drainMs: 0 });
    const late = connect(listener.port, host);
    await Promise.all([once(listener.server, 'connection'), once(late, 'connect')]);
    const closed = listener.close();
    await untilDeaf(listener);
    late.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(String(await once(late, 'data'))).toMatch(/200 OK/);
    await closed;
  });

  it('ends by force what does not end in time', async () => {
    const listener = await started(() => undefined, { host, port: 0, drainMs: 0 });
    const socket = connect(listener.port, host);
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(listener.server, 'request');
    const force = new AbortController();
    const closed = listener.close(force.signal);
    force.abort();
    await closed;
    await once(socket, 'close');
    expect(listener.server.listening).toBe(false);
  });
});

describe('startFailure', () => {
  it('says what is wrong and how to mend it, without a stack', () => {
    expect(startFailure(new StartError('port 80 is taken', 'set PORT'), false)).toBe(
      'loom: port 80 is taken — set PORT',
    );
    expect(startFailure(new ConfigError(['PORT: is bad', 'X: is required']), false)).toBe(
      'loom: the environment is not usable — correct these variables; .env.example lists them all\n  PORT: is bad\n  X: is required',
    );
    expect(startFailure(new ConfigError(['PORT: is bad']), false)).toBe(
      'loom: PORT: is bad — correct it; .env.example lists all variables',
    );
    expect(startFailure(new Error('boom\nmore'), false)).toBe(
      'loom: boom — set LOOM_LOG_LEVEL=debug to see where it happened',
    );
  });

  it('adds the stack for who debugs, never a credential', () => {
    const text = startFailure(new Error('cannot reach redis://u:canary@h'), true);
    expect(text).toContain('listen.test.ts');
    expect(text).not.toContain('canary');
  });
});
