import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** What happens to bytes: passed on, held in both directions, or passed on without any answer coming back. */
export type ProxyMode = 'pass' | 'freeze' | 'swallow-answers';

export interface Proxy {
  hostPort: string;
  set(mode: ProxyMode): void;
  /** Breaks every connection. */
  cut(): void;
  /** Nothing listens any more. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Resolves when bytes have been passed on to the server from now on. */
  forwarded(): Promise<unknown>;
}

/** A TCP proxy on loopback before `target`, to play a network and a server that fail. */
export async function startProxy(target: string): Promise<Proxy> {
  const [host = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let mode: ProxyMode = 'pass';
  let held: (() => void)[] = [];
  let onForward: (() => void)[] = [];
  const send = (to: Socket, chunk: Buffer, answer: boolean): void => {
    if (mode === 'pass' || (mode === 'swallow-answers' && !answer)) {
      to.write(chunk);
      if (!answer) for (const done of onForward.splice(0)) done();
    } else held.push(() => to.write(chunk));
  };
  const server = createServer((client) => {
    const upstream = connect(Number(port), host);
    for (const [from, to, answer] of [
      [client, upstream, false],
      [upstream, client, true],
    ] as const) {
      sockets.add(from);
      from.on('data', (chunk: Buffer) => send(to, chunk, answer));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  const listen = async (at: number): Promise<void> => {
    server.listen(at, '127.0.0.1');
    await once(server, 'listening');
  };
  const cut = (): void => {
    held = [];
    for (const socket of sockets) socket.destroy();
  };
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  return {
    hostPort: `127.0.0.1:${own}`,
    set(next) {
      mode = next;
      if (mode === 'pass') for (const release of held.splice(0)) release();
    },
    cut,
    async down() {
      if (!server.listening) return;
      server.close();
      cut();
      await once(server, 'close');
    },
    up: () => listen(own),
    forwarded: () => new Promise<void>((resolve) => (onForward = [...onForward, resolve])),
  };
}
