import type { Cluster, Redis } from 'ioredis';

/** Scripts that took longer than this are listed; the bar is 15 ms. */
const SLOW_US = 5000;
const KEPT = 100_000;

/** The client, which must not be one of a cluster. */
export function asRedis(client: Redis | Cluster): Redis {
  if ('nodes' in client) throw new Error('the bench measures one server');
  return client;
}

/** Calls `act` and tells how many commands this client sent meanwhile. */
export async function countTrips<T>(client: Redis, act: () => Promise<T>): Promise<number> {
  const own = client.sendCommand.bind(client);
  let sent = 0;
  client.sendCommand = (...args) => {
    sent += 1;
    return own(...args);
  };
  try {
    await act();
  } finally {
    client.sendCommand = own;
  }
  return sent;
}

/** From now on Redis remembers what blocks it for long. */
export async function watchSlow(client: Redis): Promise<void> {
  await client.config('SET', 'slowlog-log-slower-than', SLOW_US);
  await client.config('SET', 'slowlog-max-len', KEPT);
  await client.slowlog('RESET');
}

/** What blocked Redis, by name of the script or command. */
export interface Slow {
  name: string;
  longestMs: number;
  over5ms: number;
  over15ms: number;
}

/** What blocked Redis since `watchSlow`, the longest first. Wall time: what else runs on the machine counts in. */
export async function slowest(client: Redis): Promise<Slow[]> {
  const names = scriptNames(client);
  const found = new Map<string, Slow>();
  const log = (await client.slowlog('GET', KEPT)) as [number, number, number, string[]][];
  for (const [, , micros, [command = '?', first = '']] of log) {
    const name = names.get(first) ?? command.toLowerCase();
    const slow = found.get(name) ?? { name, longestMs: 0, over5ms: 0, over15ms: 0 };
    slow.longestMs = Math.max(slow.longestMs, micros / 1000);
    slow.over5ms += 1;
    if (micros > 15_000) slow.over15ms += 1;
    found.set(name, slow);
  }
  return [...found.values()].sort((a, b) => b.longestMs - a.longestMs);
}

function scriptNames(client: Redis): Map<string, string> {
  const scripts = Object.entries<{ sha: string }>(client.scriptsSet);
  return new Map(scripts.map(([name, { sha }]) => [sha, name]));
}

/** Bytes that Redis uses for data, without its copies for the append-only file. */
export async function usedMemory(client: Redis): Promise<number> {
  return Number(/^used_memory_dataset:(\d+)/m.exec(await client.info('memory'))?.[1] ?? 0);
}

/** Seconds of processor time that Redis has used. */
export async function cpuSeconds(client: Redis): Promise<number> {
  const text = await client.info('cpu');
  const of = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1] ?? 0);
  return of('used_cpu_user_main_thread') + of('used_cpu_sys_main_thread');
}
