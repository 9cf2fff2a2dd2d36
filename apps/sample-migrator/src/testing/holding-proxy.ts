import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands between a migrator and its forge's API, and holds the next request that opens a pull request. */
export interface HoldingProxy {
  url: string;
  /** Holds the next one, before the forge gets it or after it has answered; resolves once it is held. */
  hold: (when: 'before' | 'after') => Promise<void>;
  /** Lets what is held go on. */
  release: () => void;
  /** Requests that opened a pull request, or tried to. */
  opened: () => number;
  stop: () => Promise<void>;
}

/** Starts it on a free port before the forge at `target`. */
export async function startHoldingProxy(target: string): Promise<HoldingProxy> {
  let held: { when: 'before' | 'after'; reached: () => void } | undefined;
  let release = (): void => undefined;
  let opened = 0;
  const pause = async (when: 'before' | 'after'): Promise<void> => {
    if (held?.when !== when) return;
    const { reached } = held;
    held = undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    reached();
    await released;
  };
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const isOpening = incoming.method === 'POST' && incoming.url?.endsWith('/pulls') === true;
    if (isOpening) opened += 1;
    if (isOpening) await pause('before');
    const { method, headers, url } = incoming;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const forward = request(new URL(url ?? '/', target), { method, headers }, resolve);
      forward.on('error', reject);
      incoming.pipe(forward);
    });
    if (isOpening) await pause('after');
    outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(outgoing);
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    hold: (when) => new Promise((resolve) => (held = { when, reached: resolve })),
    release: () => release(),
    opened: () => opened,
    stop: async () => {
      release();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
