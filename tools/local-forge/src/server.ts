import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

export type Listener = {
  readonly address: string;
  /** Takes no more connections and waits for answers under way, at most `graceMs`. */
  stop(graceMs: number): Promise<void>;
};

const wildcards = new Set(['0.0.0.0', '::']);

const addressOf = (server: Server, host: string): string => {
  const { port } = server.address() as AddressInfo;
  const name = wildcards.has(host) ? 'localhost' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
};

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is already in use: stop what uses it or set FORGE_PORT to a free port',
  EACCES: 'may not be used: set FORGE_PORT to a port above 1023',
  EADDRNOTAVAIL: 'is not an address of this machine: set FORGE_HOST to one that is',
  ENOTFOUND: 'cannot be resolved: set FORGE_HOST to an address of this machine',
};

const stopServer = (server: Server, graceMs: number): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), graceMs);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    // Keep-alive connections without a request would otherwise hold the server open.
    server.closeIdleConnections();
  });

/** Listens with an app. @throws Error of one line that says what is wrong with the address and how to mend it. */
export const listen = (app: Express, port: number, host: string): Promise<Listener> =>
  new Promise((resolve, reject) => {
    const server = createServer(app);
    server.once('error', (error: NodeJS.ErrnoException) => {
      const reason = reasons[error.code ?? ''] ?? `cannot be listened on: ${error.message}`;
      reject(new Error(`port ${port} of ${host} ${reason}`));
    });
    server.listen(port, host, () => {
      resolve({ address: addressOf(server, host), stop: (graceMs) => stopServer(server, graceMs) });
    });
  });
