import { join } from 'node:path';
import { isAlive } from './alive';
import { DevStackError } from './errors';
import { freePorts } from './free-port';
import { type ProcessGroup } from './process-group';
import { type Program, sharesNetwork } from './program';
import { withRedis } from './redis-client';
import { startRedis } from './redis-server';
import { type Server } from './server';
import { waitUntil } from './wait';

export interface RedisClusterOptions {
  group: ProcessGroup;
  program: Program;
  /** One directory a node is made below it. */
  directory: string;
}

/** Three masters, without replicas. */
export interface RedisCluster {
  readonly nodes: readonly Server[];
  /** host:port of each node */
  readonly addresses: readonly string[];
  stop(): Promise<void>;
}

const MASTERS = 3;
const SLOTS = 16_384;
const FORM_TIMEOUT_MS = 60_000;
const START_ATTEMPTS = 3;

/**
 * Starts three Redis nodes on free ports, makes a cluster of them, and waits until all of them agree on it.
 * @throws DevStackError when a node does not start, or they do not agree within a minute.
 */
export async function startRedisCluster(options: RedisClusterOptions): Promise<RedisCluster> {
  if (!sharesNetwork(options.program)) {
    throw new DevStackError('a Redis cluster in Docker needs Linux: install redis-server and put it on PATH');
  }
  const nodes = await Promise.all(
    Array.from({ length: MASTERS }, (_, index) => startNode(options, index, START_ATTEMPTS)),
  );
  await form(nodes);
  return {
    nodes: nodes.map(({ server }) => healing(server, nodes)),
    addresses: nodes.map(({ server }) => server.address),
    stop: async () => {
      await Promise.all(nodes.map(({ server }) => server.stop()));
    },
  };
}

interface Node {
  server: Server;
  busPort: number;
}

/** The bus port can be lost to another just as the other one can; a node without either ends at once. */
async function startNode(options: RedisClusterOptions, index: number, attempts: number): Promise<Node> {
  const [port = 0, busPort = 0] = await freePorts(2);
  const name = `redis-${index + 1}`;
  try {
    const directory = join(options.directory, name);
    return { server: await startRedis({ ...options, name, directory, port, clusterPort: busPort }), busPort };
  } catch (error) {
    if (attempts <= 1) throw error;
    return startNode(options, index, attempts - 1);
  }
}

async function form(nodes: readonly Node[]): Promise<void> {
  const first = nodes[0]?.server.port ?? 0;
  for (const [index, { server, busPort }] of nodes.entries()) {
    await withRedis(server.port, async (redis) => {
      await redis.cluster('ADDSLOTS', ...slotsOf(index, nodes.length));
      // Different epochs from the start: equal ones would be settled by gossip, which takes seconds.
      await redis.call('CLUSTER', 'SET-CONFIG-EPOCH', index + 1);
    });
    if (index === 0) continue;
    await withRedis(first, (redis) => redis.call('CLUSTER', 'MEET', '127.0.0.1', server.port, busPort));
  }
  await agreed(nodes);
}

async function agreed(nodes: readonly Node[]): Promise<void> {
  await waitUntil('the nodes of the Redis cluster agree', () => agree(nodes), {
    timeoutMs: FORM_TIMEOUT_MS,
    everyMs: 100,
  });
}

/** A node that answers is not yet one that serves: after a restart the others have to take it back. */
function healing(server: Server, nodes: readonly Node[]): Server {
  return {
    ...server,
    get pid() {
      return server.pid;
    },
    restart: async () => {
      await server.restart();
      // With another one still down they cannot agree; the restart of the last one waits for all.
      if (nodes.every((node) => isAlive(node.server.pid))) await agreed(nodes);
    },
  };
}

function slotsOf(index: number, count: number): number[] {
  const from = Math.floor((index * SLOTS) / count);
  const to = Math.floor(((index + 1) * SLOTS) / count);
  return Array.from({ length: to - from }, (_, offset) => from + offset);
}

async function agree(nodes: readonly Node[]): Promise<boolean> {
  const views = await Promise.all(nodes.map(({ server }) => withRedis(server.port, viewOf)));
  const expected = String(nodes.length);
  const complete = views.every(
    (view) => view.state === 'ok' && view.known === expected && view.owners === nodes.length,
  );
  return complete && new Set(views.map(({ slots }) => slots)).size === 1;
}

async function viewOf(redis: Parameters<Parameters<typeof withRedis>[1]>[0]) {
  const info = await redis.cluster('INFO');
  const slots = (await redis.call('CLUSTER', 'SLOTS')) as [number, number, [string, number, string]][];
  const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
  const ranges = slots.map(([from, to, [, port, id]]) => `${from}-${to} ${port} ${id}`).sort();
  return {
    state: field('cluster_state'),
    known: field('cluster_known_nodes'),
    owners: ranges.length,
    slots: ranges.join('\n'),
  };
}
