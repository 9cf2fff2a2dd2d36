import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How a migrator is bad. */
export const VICES = ['silence', '500', 'half an answer', '100 MB', 'redirect to metadata'] as const;
export type Vice = (typeof VICES)[number];

export interface HostileMigrator {
  url: string;
  /** Dispatches that reached it. */
  dispatches(): number;
  /** Bytes that it could send at most for one answer. */
  sent(): number;
  close(): Promise<void>;
}

const CHUNK = Buffer.alloc(1024 * 1024, 'x');
const HUGE = 100;
/** Where clouds serve credentials. */
const METADATA = 'http://169.254.169.254/latest/meta-data/';

export async function startHostileMigrator(vice: Vice): Promise<HostileMigrator> {
  let dispatches = 0;
  let sent = 0;
  const huge = async (response: ServerResponse): Promise<void> => {
    response.writeHead(200, { 'content-type': 'application/json' });
    for (let i = 0; i < HUGE && !response.destroyed; i += 1) {
      sent += CHUNK.length;
      if (!response.write(CHUNK))
        await new Promise<void>((settle) => {
          response.once('drain', settle).once('close', settle);
        });
    }
    response.end();
  };
  const vices: Record<Vice, (response: ServerResponse) => void> = {
    silence: () => undefined,
    '500': (response) => response.writeHead(500).end('no'),
    'half an answer': (response) => {
      response.writeHead(500, { 'content-type': 'application/json' }).write('{');
    },
    '100 MB': (response) => void huge(response),
    'redirect to metadata': (response) => response.writeHead(307, { location: METADATA }).end(),
  };
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/dispatch-step') dispatches += 1;
    vices[vice](response);
  });
  server.listen(0, '127.0.0.1');
  await new Promise<void>((settle) => server.once('listening', settle));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dispatches: () => dispatches,
    sent: () => sent,
    close: () =>
      new Promise((settle) => {
        server.closeAllConnections();
        server.close(() => {
          settle();
        });
      }),
  };
}
