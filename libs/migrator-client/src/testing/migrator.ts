import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: unknown;
}

export interface TestMigrator {
  url: string;
  port: number;
  received: Received[];
  /** Resolves when the newest connection was closed by the caller. */
  cut: () => Promise<unknown>;
  close(): Promise<void>;
}

/** A migrator on loopback that answers as `answer` says. */
export async function startMigrator(
  answer: (response: ServerResponse, call: Received) => void,
): Promise<TestMigrator> {
  const received: Received[] = [];
  let closed: Promise<unknown> = Promise.resolve();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const call = {
        method: request.method ?? '',
        path: request.url ?? '',
        headers: request.headers,
        body: text === '' ? undefined : (JSON.parse(text) as unknown),
      };
      received.push(call);
      answer(response, call);
    });
  });
  server.on('connection', (socket) => {
    closed = new Promise((resolve) => socket.once('close', resolve));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    received,
    cut: () => closed,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Writes `megabytes` of body as fast as the reader takes it, for ever when it stops. */
export function flood(response: ServerResponse, megabytes: number): { written: () => number } {
  const chunk = Buffer.alloc(1024 * 1024, 'x');
  let written = 0;
  const more = (): void => {
    while (written < megabytes && !response.destroyed) {
      written += 1;
      if (!response.write(chunk)) {
        response.once('drain', more);
        return;
      }
    }
    if (!response.destroyed) response.end();
  };
  more();
  return { written: () => written };
}

/** A port on loopback on which nothing listens. */
export async function unusedPort(): Promise<number> {
  const migrator = await startMigrator(() => undefined);
  await migrator.close();
  return migrator.port;
}
