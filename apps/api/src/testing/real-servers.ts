import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** `name` of the environment, which says where a server of this test run is. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '')
    throw new Error(`${name} is not set: run this through \`npm test\` or \`npx nx test-int api\``);
  return value;
}

/** A server that a test may take away and give back, at one address. */
export interface Outage {
  addr: string;
  down(): Promise<void>;
  up(): Promise<void>;
  /** Gone for good. */
  remove(): Promise<void>;
}

/** A Redis of this test's own, which keeps every write on disk, so that a kill loses nothing. */
export async function startRedis(): Promise<Outage> {
  const dir = await mkdtemp(join(tmpdir(), 'loom-api-redis-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', ''];
  const up = async (): Promise<void> => {
    child = spawn('redis-server', [...args, '--appendonly', 'yes', '--appendfsync', 'always'], {
      stdio: 'pipe',
    });
    let said = '';
    for await (const chunk of child.stdout ?? []) {
      said += String(chunk);
      if (said.includes('Ready to accept connections')) return;
    }
    throw new Error(`redis-server ended: ${said.slice(-500)}`);
  };
  const down = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  await up();
  const remove = async (): Promise<void> => {
    await down();
    await rm(dir, { recursive: true, force: true });
  };
  return { addr: `127.0.0.1:${port}`, up, down, remove };
}

/** The way to `target`, which is broken and mended at will. */
export async function startLink(target: string): Promise<Outage> {
  const [host = '', targetPort = ''] = target.split(':');
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(Number(targetPort), host);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
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
  const down = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  return { addr: `127.0.0.1:${port}`, up: () => listen(port), down, remove: down };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
