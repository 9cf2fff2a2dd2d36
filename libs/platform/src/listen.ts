import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { allAccepted, allEnded, closeAfter, pause } from './drain';
import { refuseUnreadable } from './refuse-unreadable';
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
/** Longer than the idle timeout of common load balancers (60 s): the side that reuses connections must close first. */
const KEEP_ALIVE_MS = 65_000;

/**
 * Serves `handler` (an Express app is one).
 * @throws StartError in one plain line when the port is taken or may not be used.
 */
export async function listen(handler: RequestListener, options: ListenOptions): Promise<Listener> {
  const open = new Set<ServerResponse>();
  const silent = new Set<Socket>();
  let draining = false;
  const server = createServer((request, response) => {
    open.add(response);
    response.once('close', () => open.delete(response));
    silent.delete(request.socket);
    if (draining) response.setHeader('connection', 'close');
    handler(request, response);
  });
  server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  refuseUnreadable(server, open);
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
      await allEnded(server, silent, signal);
    },
  };
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
