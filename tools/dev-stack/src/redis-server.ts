import { type ProcessGroup } from './process-group';
import { launchOf, type Program, sharesNetwork } from './program';
import { pingRedis } from './redis-client';
import { type Server, startServer } from './server';

export interface RedisOptions {
  group: ProcessGroup;
  program: Program;
  /** Holds the append-only file; the same directory gives the same data. */
  directory: string;
  /** Default 0: a free one. */
  port?: number;
  name?: string;
  logFile?: string;
  /** Makes it a cluster node, with this port for the bus. */
  clusterPort?: number;
}

/** An append-only file of an earlier day may take long to load. */
const READY_TIMEOUT_MS = 60_000;
const CLUSTER_NODE_TIMEOUT_MS = 5_000;

/**
 * Starts a Redis of its own: bound to the loopback, append-only file synced each second, no snapshots.
 * @throws DevStackError when the port is taken or the server does not get ready.
 */
export async function startRedis(options: RedisOptions): Promise<Server> {
  const { group, program, directory } = options;
  return startServer(group, {
    name: options.name ?? 'redis',
    directory,
    port: options.port ?? 0,
    portVariable: 'another port for Redis',
    readyTimeoutMs: READY_TIMEOUT_MS,
    ownsItsPort: program.kind === 'binary',
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
    launch: (port) =>
      launchOf(program, {
        tool: 'redis-server',
        directory,
        ports: [port],
        args: (bindHost) => redisArguments({ ...options, port, bindHost }),
      }),
    ready: async (port) => {
      const line = await pingRedis({ host: '127.0.0.1', port });
      if (line !== '+PONG') throw new Error(line);
    },
  });
}

function redisArguments(options: RedisOptions & { port: number; bindHost: string }): string[] {
  const { port, bindHost, directory, clusterPort } = options;
  const settings: Record<string, string> = {
    port: String(port),
    bind: bindHost,
    // A published container port is reached from outside its loopback; it is published on the machine's loopback only.
    'protected-mode': sharesNetwork(options.program) ? 'yes' : 'no',
    dir: directory,
    save: '',
    appendonly: 'yes',
    appendfsync: 'everysec',
    'lazyfree-lazy-user-del': 'yes',
    daemonize: 'no',
  };
  if (clusterPort !== undefined) {
    settings['cluster-enabled'] = 'yes';
    settings['cluster-port'] = String(clusterPort);
    settings['cluster-node-timeout'] = String(CLUSTER_NODE_TIMEOUT_MS);
  }
  return Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]);
}
