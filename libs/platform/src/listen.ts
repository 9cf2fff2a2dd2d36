import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StartError } from './start-error';

export interface Listener {
  server: Server;
  host: string;
  /** The real one, also where 0 was asked for. */
  port: number;
  /**
   * Ends service without losing an answer: for `drainMs` more it still accepts, telling each client to close its
   * connection; then it accepts no more and waits for requests in flight. `signal` ends the waiting by force.
   */
  close: (signal?: AbortSignal) => Promise<void>;
}

export interface ListenOptions {
  host: string;
  port: number;
  /** How long after the stop connections in use get to end by `Connection: close` before idle ones are cut. */
  drainMs?: number;
}

const DRAIN_MS = 300;
/** For connections that wait to be accepted after that; clients that never cease to come are not waited for. */
const BACKLOG_MS = 2_000;
/** Longer than the idle timeout of common load balancers (60 s): the side that reuses connections must close first. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Serves `handler` (an Express app is one).
 * @throws StartError in one plain line when the port is taken or may not be used.
 */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listener> {
  const open = new Set<ServerResponse>();
  let draining = false;
  const server = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    if (draining) response.setHeader('connection', 'close');
    handler(request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  await bind(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    server,
    host: options.host,
    port,
    async close(signal) {
      draining = true;
      for (const response of open) closeAfter(response, open);
      await pause(options.drainMs ?? DRAIN_MS, signal);
      await allAccepted(server, signal);
      await stop(server, signal);
    },
  };
}

/**
 * server.close() cuts only connections that are idle at that moment: those in use must end with their answer. Only this
 * one: any other that seems to be idle may have a request on its way, to be answered while the drain lasts.
 */
function closeAfter(response: ServerResponse, open: ReadonlySet<ServerResponse>): void {
  if (!response.headersSent) {
    response.setHeader('connection', 'close');
    return;
  }
  const { socket } = response;
  response.once('close', () => {
    setImmediate(() => {
      if (![...open].some((other) => other.socket === socket)) socket?.end();
    });
  });
}

/**
 * A connection that the system has made and this process has not taken yet is reset when the listener closes, and its
 * client has lost a request. Node takes one in each turn of its loop: after a turn without one, none is left.
 */
async function allAccepted(server: Server, signal?: AbortSignal): Promise<void> {
  let seen = 0;
  const count = (): void => {
    seen += 1;
  };
  server.on('connection', count);
  const end = performance.now() + BACKLOG_MS;
  for (let before = -1; before !== seen && signal?.aborted !== true && performance.now() < end;) {
    before = seen;
    await turn();
  }
  server.off('connection', count);
}

/** From the end of one turn of the loop to the end of the next, in which it has looked for new connections. */
function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
}

function stop(server: Server, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const force = (): void => server.closeAllConnections();
    server.close(() => {
      signal?.removeEventListener('abort', force);
      resolve();
    });
    if (signal?.aborted === true) force();
    else signal?.addEventListener('abort', force, { once: true });
  });
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, signal?.aborted === true ? 0 : ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

function bind(server: Server, { host, port }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(explain(error, host, port));
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      resolve();
    });
  });
}

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const options = { cause: error };
  if (error.code === 'EADDRINUSE')
    return new StartError(`port ${port} is taken`, 'stop what holds it, or set PORT', options);
  if (error.code === 'EACCES')
    return new StartError(`port ${port} may not be used by this user`, 'set PORT to one above 1023', options);
  if (error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND')
    return new StartError(
      `${host} is not an address of this machine`,
      'set LOOM_HOST to one that is',
      options,
    );
  return error;
}
