import { once } from 'node:events';
import { Agent, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { EventEmitter } from 'node:events';
import type { LogFields, Logger } from '@loom/ports';
import { createShutdown } from './shutdown';
import { startApp } from './testing/process';
import type { AppProcess } from './testing/process';

const keepAlive = new Agent({ keepAlive: true });
const apps: AppProcess[] = [];
const start = async (...args: string[]): Promise<{ app: AppProcess; url: string }> => {
  const app = startApp(...args);
  apps.push(app);
  const { port } = await app.line('listening');
  return { app, url: `http://127.0.0.1:${String(port)}` };
};
const ask = (url: string): Promise<{ answer: IncomingMessage; body: string }> =>
  new Promise((resolve, reject) => {
    get(url, { agent: keepAlive }, (answer) => {
      let body = '';
      answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
      answer.on('end', () => resolve({ answer, body }));
      answer.on('error', reject);
    }).on('error', reject);
  });

jest.setTimeout(30_000);

afterEach(() => {
  for (const app of apps.splice(0)) app.kill('SIGKILL');
});
afterAll(() => keepAlive.destroy());

describe('an app that is told to stop', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'finishes what it is answering and exits with 0 (%s)',
    async (signal) => {
      const { app, url } = await start();
      await ask(`${url}/healthz`); // leaves an idle keep-alive connection behind
      const [streaming, waiting] = [ask(`${url}/slow`), ask(`${url}/late`)];
      await Promise.all([app.line('slow began'), app.line('late began')]);
      app.kill(signal);
      expect((await streaming).body).toBe('first last');
      const late = await waiting;
      expect([late.body, late.answer.headers.connection]).toEqual(['whole', 'close']);
      expect(await app.exited).toEqual({ code: 0, signal: null });
      expect(app.messages().slice(-3)).toEqual(['shutting down', 'store closed', 'shut down']);
    },
  );

  it('is not ready while it drains, and closes the connections it still serves', async () => {
    const { app, url } = await start();
    const hold = ask(`${url}/slow`);
    await app.line('slow began');
    app.kill('SIGTERM');
    await app.line('shutting down');
    const { answer, body } = await ask(`${url}/readyz`);
    expect([answer.statusCode, answer.headers.connection]).toEqual([503, 'close']);
    expect(JSON.parse(body)).toMatchObject({ status: 'unavailable' });
    await hold;
    expect((await app.exited).code).toBe(0);
  });

  it('exits at once on a later signal', async () => {
    const { app, url } = await start('impatient');
    ask(`${url}/slow?wait=forever`).catch(() => undefined);
    await app.line('slow began');
    app.kill('SIGTERM');
    await app.line('shutting down');
    app.kill('SIGTERM');
    expect(await app.exited).toEqual({ code: 143, signal: null });
    expect(app.messages()).not.toContain('store closed');
  });

  it('goes on answering, and ends as told, when nobody reads its log any more', async () => {
    const { app, url } = await start();
    app.closeStdout();
    const late = ask(`${url}/late`); // writes a line
    await ask(`${url}/late/began`);
    app.kill('SIGTERM');
    expect((await late).body).toBe('whole');
    expect(await app.exited).toEqual({ code: 0, signal: null });
  });

  it('does not wait for ever for an answer that never ends', async () => {
    const { app, url } = await start('stuck');
    const broken = ask(`${url}/slow?wait=forever`).catch((error: unknown) => error);
    await app.line('slow began');
    app.kill('SIGTERM');
    expect(await app.exited).toEqual({ code: 0, signal: null });
    expect(await broken).toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('an app that fails', () => {
  it.each([
    ['throw', 'uncaught exception'],
    ['reject', 'unhandled rejection'],
  ])('logs a %s past everything, closes and exits with 1', async (path, message) => {
    const { app, url } = await start();
    expect((await ask(`${url}/${path}`)).body).toBe('ok');
    expect(await app.exited).toEqual({ code: 1, signal: null });
    expect(await app.line(message)).toMatchObject({
      level: 'error',
      error: { stack: expect.any(String) as string },
    });
    expect(app.messages()).toContain('store closed');
  });

  it('says in one line why it cannot start', async () => {
    const app = startApp('bad-start');
    expect(await app.exited).toEqual({ code: 1, signal: null });
    expect(app.stderr()).toBe('loom: no good — set LOOM_LOG_LEVEL=debug to see where it happened\n');
  });

  it('says in one line that its port is taken', async () => {
    const { url } = await start();
    const { port } = new URL(url);
    const app = startApp('normal', port);
    expect(await app.exited).toEqual({ code: 1, signal: null });
    expect(app.stderr()).toBe(`loom: port ${port} is taken — stop what holds it, or set PORT\n`);
  });
});

describe('createShutdown', () => {
  const setUp = (graceMs?: number) => {
    const host = Object.assign(new EventEmitter(), { exit: jest.fn() });
    const said: [string, LogFields | undefined][] = [];
    const say = (message: string, fields?: LogFields): void => void said.push([message, fields]);
    const logger: Logger = { debug: say, info: say, warn: say, error: say, child: () => logger };
    const shutdown = createShutdown({
      logger,
      host: host as unknown as NodeJS.Process,
      ...(graceMs === undefined ? {} : { graceMs }),
    });
    return { host, said, shutdown };
  };

  it('closes the last registered first, each after the other, once', async () => {
    const { host, shutdown } = setUp();
    const order: string[] = [];
    for (const name of ['store', 'engine', 'http']) {
      shutdown.onShutdown(name, async () => {
        order.push(`${name} began`);
        await new Promise(setImmediate);
        order.push(`${name} ended`);
      });
    }
    await Promise.all([shutdown.begin('test'), shutdown.begin('again')]);
    expect(order).toEqual(['http', 'engine', 'store'].flatMap((name) => [`${name} began`, `${name} ended`]));
    expect(host.exit.mock.calls).toEqual([[0]]);
  });

  it('goes on past a closer that fails, names it, and exits with 1', async () => {
    const { host, said, shutdown } = setUp();
    const store = jest.fn();
    shutdown.onShutdown('store', store);
    shutdown.onShutdown('engine', () => Promise.reject(new Error('gone')));
    await shutdown.begin('test');
    expect(store).toHaveBeenCalled();
    expect(said).toContainEqual(['failed to close', expect.objectContaining({ part: 'engine' })]);
    expect(host.exit).toHaveBeenCalledWith(1);
  });

  it('goes on past a closer that hangs, after telling it to end by force', async () => {
    jest.useFakeTimers();
    try {
      const { host, said, shutdown } = setUp(5000);
      let forced = false;
      shutdown.onShutdown('store', () => undefined);
      shutdown.onShutdown('engine', (signal) => {
        signal.addEventListener('abort', () => (forced = true));
        return new Promise(() => undefined);
      });
      const done = shutdown.begin('test');
      await jest.advanceTimersByTimeAsync(4999);
      expect(forced).toBe(false);
      await jest.advanceTimersByTimeAsync(200);
      await done;
      expect(forced).toBe(true);
      expect(said).toContainEqual(['did not close in time', { part: 'engine', afterMs: 5000 }]);
      expect(host.exit).toHaveBeenCalledWith(1);
    } finally {
      jest.useRealTimers();
    }
  });

  it('raises the exit code when something fails while it closes', async () => {
    const { host, shutdown } = setUp();
    shutdown.onShutdown('store', () => new Promise(setImmediate));
    const closing = shutdown.begin('SIGTERM');
    host.emit('uncaughtException', new Error('late'));
    await closing;
    expect(host.exit).toHaveBeenCalledWith(1);
  });

  it('takes a signal that comes twice in a moment for one, and a later one as an order to end now', () => {
    jest.useFakeTimers();
    try {
      const { host, shutdown } = setUp();
      shutdown.onShutdown('store', () => new Promise(() => undefined));
      host.emit('SIGINT');
      host.emit('SIGINT');
      host.emit('SIGTERM');
      expect(host.exit).not.toHaveBeenCalled();
      jest.advanceTimersByTime(2000);
      host.emit('SIGINT');
      expect(host.exit.mock.calls).toEqual([[130]]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('tells those who listen that it stops', async () => {
    const { shutdown } = setUp();
    const told = once(shutdown.stopping, 'abort');
    await shutdown.begin('test');
    await told;
    expect(shutdown.stopping.aborted).toBe(true);
  });
});
