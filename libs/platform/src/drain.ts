import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** For connections that wait to be accepted; clients that never cease to come are not waited for. */
const BACKLOG_MS = 2_000;
/** A request that was on its way when the listener closed has arrived by then. */
const SILENT_MS = 500;

/**
 * server.close() cuts only connections that are idle at that moment: those in use must end with their answer. Only this
 * one: any other that seems to be idle may have a request on its way, to be answered while the drain lasts.
 */
export function closeAfter(response: ServerResponse, open: ReadonlySet<ServerResponse>): void {
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
export async function allAccepted(server: Server, signal?: AbortSignal): Promise<void> {
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

/**
 * Closes the listener and waits for the requests in flight. What has connected and asked nothing (browsers and pools
 * connect ahead of their need) is no request to wait for: it has SILENT_MS to speak, then it is cut. `signal` cuts all.
 */
export function allEnded(server: Server, silent: ReadonlySet<Socket>, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const force = (): void => server.closeAllConnections();
    const cut = setTimeout(() => {
      for (const socket of silent) if (socket.bytesRead === 0) socket.destroy();
    }, SILENT_MS);
    server.close(() => {
      clearTimeout(cut);
      signal?.removeEventListener('abort', force);
      resolve();
    });
    if (signal?.aborted === true) force();
    else signal?.addEventListener('abort', force, { once: true });
  });
}

/** Ends at once when `signal` aborts. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
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
