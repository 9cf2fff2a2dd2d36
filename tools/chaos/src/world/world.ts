import { join, resolve } from 'node:path';
import {
  freePorts,
  startRedis,
  startTemporal,
  type ProcessGroup,
  type Program as Binary,
  type Server,
} from '@loom/dev-stack';
import type { Links } from './links';
import { createProgram, type Program } from './program';
import { startTestMigrator, type TestMigrator } from './test-migrator';

/** The whole of Loom in processes of its own, with a link that can be broken between any two of them. */
export interface World {
  apis: readonly [Program, Program];
  worker: Program;
  /** A second worker; it does not run until it is started. */
  otherWorker: Program;
  redis: Server;
  temporal: Server;
  migrator: TestMigrator;
  /** Where Loom reaches the migrator, by a link. */
  migratorUrl: string;
  links: Links;
}

export interface WorldOptions {
  group: ProcessGroup;
  binaries: { redis: Binary; temporal: Binary };
  links: Links;
  /** Everything that is written lies below it: data, logs, the ledger. */
  directory: string;
  /** Of api and worker, on top of the usual. */
  env?: Record<string, string>;
}

const host = (url: string): string => url.replace('http://', '');

export async function startWorld(options: WorldOptions): Promise<World> {
  const { group, binaries, links, directory } = options;
  const [redis, temporal, ports] = await Promise.all([
    startRedis({ group, program: binaries.redis, directory: join(directory, 'redis') }),
    startTemporal({ group, program: binaries.temporal, directory: join(directory, 'temporal') }),
    freePorts(4),
  ]);
  const [first = 0, second = 0, third = 0, fourth = 0] = ports;
  const urls = [`http://127.0.0.1:${first}`, `http://127.0.0.1:${second}`];
  const reportTo: string[] = [];
  for (const url of urls) reportTo.push(`http://${await links.open('migrator→api', host(url))}`);
  const migrator = await startTestMigrator(group, directory, reportTo);
  const migratorUrl = `http://${await links.open('worker→migrator', host(migrator.url))}`;
  const common = {
    LOOM_TASK_QUEUE: 'chaos',
    LOOM_CALLBACK_KEYS: 'chaos:only-for-this-test-run',
    LOOM_PUBLIC_URL: reportTo[0] ?? '',
    LOOM_RECONCILE_INTERVAL: '2s',
    LOOM_LOG_LEVEL: 'warn',
    ...options.env,
  };
  const program = async (name: string, app: string, port: number): Promise<Program> => {
    const side = app === 'api' ? 'api' : 'worker';
    return createProgram(group, {
      name,
      url: `http://127.0.0.1:${port}`,
      command: process.execPath,
      args: ['--enable-source-maps', resolve('dist/apps', app, 'main.js')],
      output: 'quiet',
      logFile: join(directory, `${name}.log`),
      readyUrl: `http://127.0.0.1:${port}/readyz`,
      env: {
        ...process.env,
        ...common,
        PORT: String(port),
        REDIS_ADDR: await links.open(`${side}→redis`, redis.address),
        TEMPORAL_HOSTPORT: await links.open(`${side}→temporal`, temporal.address),
      },
    });
  };
  const apis = [await program('api-0', 'api', first), await program('api-1', 'api', second)] as const;
  const worker = await program('worker', 'orchestrator-worker', third);
  const otherWorker = await program('other-worker', 'orchestrator-worker', fourth);
  await Promise.all([...apis, worker].map((one) => one.start()));
  return { apis, worker, otherWorker, redis, temporal, migrator, migratorUrl, links };
}
