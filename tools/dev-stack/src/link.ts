import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { parseAddress } from './address';

/** What happens to bytes: passed on, held in both directions, or passed on without any answer coming back. */
export type LinkMode = 'pass' | 'freeze' | 'swallow-answers';

/** A way to a server that a test breaks and mends; the server itself notices no more than lost connections. */
export interface Link {
  /** host:port */
  readonly address: string;
  /** `pass` first lets go what was held. */
  set(mode: LinkMode): void;
  /** Breaks every connection. */
  cut(): void;
  /** Breaks every connection, and nothing listens any more. It may be called twice. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Resolves when bytes have been passed on to the server from now on. */
  forwarded(): Promise<void>;
}

const HOST = '127.0.0.1';

/** Starts a TCP proxy on a free port of the loopback before `target` (host:port), to play a network that fails. */
export async function startLink(target: string): Promise<Link> {
  const { host, port } = parseAddress(target, 'target');
  let mode: LinkMode = 'pass';
  let held: (() => void)[] = [];
  let onForward: (() => void)[] = [];
  const send = (to: Socket, chunk: Buffer, answer: boolean): void => {
    if (mode === 'pass' || (mode === 'swallow-answers' && !answer)) {
      to.write(chunk);
      if (!answer) for (const done of onForward.splice(0)) done();
    } else {
      held.push(() => to.write(chunk));
    }
  };
  const listener = await startListener((client, sockets) => {
    const server = connect(port, host);
    sockets.add(server);
    for (const [from, to, answer] of [
      [client, server, false],
      [server, client, true],
    ] as const) {
      from.on('data', (chunk: Buffer) => send(to, chunk, answer));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  return {
    address: listener.address,
    set(next) {
      mode = next;
      if (mode === 'pass') for (const release of held.splice(0)) release();
    },
    cut() {
      held = [];
      listener.cut();
    },
    async down() {
      held = [];
      await listener.down();
    },
    up: listener.up,
    forwarded: () => new Promise((resolve) => (onForward = [...onForward, resolve])),
  };
}

/** Takes every connection and every byte, and never answers: a peer behind a network that has lost the way back. */
export async function startBlackHole(): Promise<{ readonly address: string; close(): Promise<void> }> {
  const listener = await startListener((client, sockets) => {
    client.on('error', () => undefined).on('close', () => sockets.delete(client));
    client.resume();
  });
  return { address: listener.address, close: listener.down };
}

/** Listens on a free port, and again on the same one; every socket in the set given to `accept` ends with it. */
async function startListener(accept: (client: Socket, sockets: Set<Socket>) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client);
    accept(client, sockets);
  });
  const port = await listen(server, 0);
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const down = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    cut();
    await closed;
  };
  const up = async (): Promise<void> => {
    await listen(server, port);
  };
  return { address: `${HOST}:${port}`, cut, down, up };
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, HOST);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
