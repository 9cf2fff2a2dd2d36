import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import {
  createProcessGroup,
  freePorts,
  startService,
  testRedisAddr,
  testTemporalAddr,
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
  stop(): Promise<void>;
}

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
  const spec = (name: string, program: string, port: number): ServiceSpec => ({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', resolve('dist/apps', program, 'main.js')],
    output: 'quiet',
    readyUrl: `${url(port)}/readyz`,
    env: {
      ...process.env,
      PORT: String(port),
      REDIS_ADDR: testRedisAddr(),
      TEMPORAL_HOSTPORT: testTemporalAddr(),
      LOOM_TASK_QUEUE: taskQueue,
      LOOM_CALLBACK_KEYS: 'e2e:only-for-this-test-run',
      LOOM_PUBLIC_URL: url(apiPorts[0] ?? 0),
      LOOM_RECONCILE_INTERVAL: '2s',
      LOOM_LOG_LEVEL: 'warn',
      ...env,
    },
  });
  const specs = apiPorts.map((port, i) => spec(`api-${i}`, 'api', port));
  const workerSpec = spec('worker', 'orchestrator-worker', workerPort);
  const running: ManagedProcess[] = await Promise.all(specs.map((one) => startService(group, one)));
  let worker = await startService(group, workerSpec);

  return {
    apis: apiPorts.map(url),
    taskQueue,
    async bounceApi(index) {
      const one = specs[index];
      if (one === undefined) throw new Error(`there is no api ${index}`);
      await running[index]?.kill('SIGKILL');
      running[index] = await startService(group, one);
    },
    async bounceWorker() {
      await worker.kill('SIGKILL');
      worker = await startService(group, workerSpec);
    },
    stop: () => group.stopAll(),
  };
}
