import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import {
  createProcessGroup,
  freePort,
  freePorts,
  startService,
  testRedisAddr,
  testTemporalAddr,
  within,
  type ManagedProcess,
  type ServiceSpec,
} from '@loom/dev-stack';

/** Loom's own programs on the servers of this test run: several api replicas and a worker, each its own process. */
export interface SmallLoom {
  /** Base URLs of the api replicas. */
  apis: string[];
  taskQueue: string;
  /** kill -9, and the same replica again on the same port, ready. */
  bounceApi(index: number): Promise<void>;
  bounceWorker(): Promise<void>;
  /** SIGTERM; resolves with the exit code, null when a signal ended it. Rejects when it has not ended in a minute. */
  stopApi(index: number): Promise<number | null>;
  stopWorker(): Promise<number | null>;
  /** The same program again on the same port, ready. */
  startApi(index: number): Promise<void>;
  startWorker(): Promise<void>;
  /** One more api, not among `apis`, with variables of its own; it lives, but need not be ready. */
  startOddApi(env: Record<string, string>): Promise<OddApi>;
  stop(): Promise<void>;
}

export interface OddApi {
  url: string;
  kill(): Promise<void>;
}

/** Longer than any grace period, so that it is a program's own limit which a test sees. */
const END_LIMIT_MS = 60_000;

const url = (port: number): string => `http://127.0.0.1:${port}`;

export async function startSmallLoom({
  apis,
  env = {},
}: {
  apis: number;
  env?: Record<string, string>;
}): Promise<SmallLoom> {
  const group = createProcessGroup();
  const taskQueue = `e2e-${randomUUID()}`;
  const [workerPort = 0, ...apiPorts] = await freePorts(apis + 1);
  const common = { ...environment(taskQueue, url(apiPorts[0] ?? 0)), ...env };
  const replicas = apiPorts.map((port, i) => program(group, spec(`api-${i}`, 'api', port, common)));
  const worker = program(group, spec('worker', 'orchestrator-worker', workerPort, common));
  const replica = (index: number): Program => {
    const one = replicas[index];
    if (one === undefined) throw new Error(`there is no api ${index}`);
    return one;
  };
  await Promise.all(replicas.map((one) => one.start()));
  await worker.start();

  return {
    apis: apiPorts.map(url),
    taskQueue,
    bounceApi: (index) => replica(index).bounce(),
    bounceWorker: () => worker.bounce(),
    stopApi: (index) => replica(index).stop(),
    stopWorker: () => worker.stop(),
    startApi: (index) => replica(index).start(),
    startWorker: () => worker.start(),
    async startOddApi(more) {
      const port = await freePort();
      const base = spec('odd api', 'api', port, { ...common, ...more });
      const running = await startService(group, { ...base, readyUrl: `${url(port)}/healthz` });
      return {
        url: url(port),
        kill: async () => {
          await running.kill('SIGKILL');
        },
      };
    },
    stop: () => group.stopAll(),
  };
}

interface Program {
  start(): Promise<void>;
  stop(): Promise<number | null>;
  bounce(): Promise<void>;
}

function program(group: ReturnType<typeof createProcessGroup>, one: ServiceSpec): Program {
  let running: ManagedProcess | undefined;
  const start = async (): Promise<void> => {
    running = await startService(group, one);
  };
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    if (running === undefined) throw new Error(`${one.name} does not run`);
    return await within(
      END_LIMIT_MS,
      running.kill(signal).then(({ code }) => code),
      () => {
        throw new Error(`${one.name} has not ended ${END_LIMIT_MS / 1000} s after ${signal}`);
      },
    );
  };
  return {
    start,
    stop: () => end('SIGTERM'),
    bounce: async () => {
      await end('SIGKILL');
      await start();
    },
  };
}

function spec(name: string, app: string, port: number, env: Record<string, string>): ServiceSpec {
  return {
    name,
    command: process.execPath,
    args: ['--enable-source-maps', resolve('dist/apps', app, 'main.js')],
    output: 'quiet',
    readyUrl: `${url(port)}/readyz`,
    env: { ...process.env, PORT: String(port), ...env },
  };
}

function environment(taskQueue: string, publicUrl: string): Record<string, string> {
  return {
    REDIS_ADDR: testRedisAddr(),
    TEMPORAL_HOSTPORT: testTemporalAddr(),
    LOOM_TASK_QUEUE: taskQueue,
    LOOM_CALLBACK_KEYS: 'e2e:only-for-this-test-run',
    LOOM_PUBLIC_URL: publicUrl,
    LOOM_RECONCILE_INTERVAL: '2s',
    LOOM_LOG_LEVEL: 'warn',
  };
}
