import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { DevStackError } from './errors';

const LISTEN = '0A';

/** Whether nobody listens on `port` of the loopback. */
export async function portIsFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => {
      resolve(false);
    });
    probe.listen({ port, host, exclusive: true }, () => {
      probe.close(() => {
        resolve(true);
      });
    });
  });
}

/**
 * @param variable The setting which chooses another port.
 * @throws DevStackError one line: which port, what to set, and who holds it where that is known.
 */
export async function requireFreePort(port: number, variable: string, host = '127.0.0.1'): Promise<void> {
  if (port === 0 || (await portIsFree(port, host))) return;
  throw new DevStackError(await portTaken(port, variable));
}

/** The line that says a port is taken. */
export async function portTaken(port: number, variable: string): Promise<string> {
  const holder = await portHolder(port);
  const who = holder === undefined ? '' : ` (process ${holder.pid}, ${holder.command})`;
  return `port ${port} is taken: set ${variable}, or stop what holds it${who}`;
}

/** Which process listens on `port`, as far as /proc tells this user; undefined elsewhere. */
export async function portHolder(port: number): Promise<{ pid: number; command: string } | undefined> {
  const inodes = await listeningInodes(port);
  if (inodes.size === 0) return undefined;
  const entries = await readdir('/proc').catch(() => []);
  for (const pid of entries.filter((name) => /^\d+$/.test(name)).map(Number)) {
    if (await holdsOneOf(pid, inodes)) {
      const command = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '?');
      return { pid, command: command.trim() };
    }
  }
  return undefined;
}

/** Whether `pid` itself listens on `port`; undefined where /proc cannot tell. */
export async function holdsPort(pid: number, port: number): Promise<boolean | undefined> {
  const inodes = await listeningInodes(port);
  return inodes.size === 0 ? undefined : holdsOneOf(pid, inodes);
}

async function listeningInodes(port: number): Promise<Set<string>> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const rows = tables.flatMap((table) =>
    table
      .split('\n')
      .slice(1)
      .map((row) => row.trim().split(/\s+/)),
  );
  const listening = rows.filter(([, local, , state]) => local?.endsWith(wanted) === true && state === LISTEN);
  return new Set(listening.flatMap((row) => row[9] ?? []));
}

async function holdsOneOf(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
  for (const descriptor of descriptors) {
    const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
    const inode = /^socket:\[(\d+)\]$/.exec(target)?.[1];
    if (inode !== undefined && inodes.has(inode)) return true;
  }
  return false;
}
