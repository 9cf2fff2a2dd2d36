import { randomUUID } from 'node:crypto';
import { join, resolve } from 'node:path';
import {
  createProcessGroup,
  freePorts,
  startService,
  testRedisAddr,
  testTemporalAddr,
  type ManagedProcess,
} from '@loom/dev-stack';
import { createLoomClient, type LoomClient } from '@loom/api-types';

/** Loom with the sample migrator, each its own process, on the servers of this test run. */
export interface SmallLoom {
  loom: LoomClient;
  /** Where the forge may send its webhooks; known before anything runs. */
  webhookUrl: string;
  startLoom(): Promise<void>;
  /** Starts the migrator, or starts it anew with other settings. */
  startMigrator(settings: Record<string, string>): Promise<void>;
  stop(): Promise<void>;
}

const url = (port: number): string => `http://127.0.0.1:${port}`;

/** Reserves addresses; nothing runs yet. */
export async function createSmallLoom(): Promise<SmallLoom> {
  const group = createProcessGroup();
  const [apiPort = 0, workerPort = 0, migratorPort = 0] = await freePorts(3);
  const start = (name: string, app: string, port: number, env: Record<string, string>) =>
    startService(group, {
      name,
      command: process.execPath,
      args: ['--enable-source-maps', resolve('dist/apps', app, 'main.js')],
      output: 'quiet',
      readyUrl: `${url(port)}/readyz`,
      env: {
        ...process.env,
        PORT: String(port),
        REDIS_ADDR: testRedisAddr(),
        LOOM_LOG_LEVEL: 'warn',
        ...env,
      },
    });
  const common = {
    TEMPORAL_HOSTPORT: testTemporalAddr(),
    LOOM_TASK_QUEUE: `gitea-${randomUUID()}`,
    LOOM_CALLBACK_KEYS: 'gitea:only-for-this-test-run',
    LOOM_PUBLIC_URL: url(apiPort),
    LOOM_RECONCILE_INTERVAL: '2s',
  };
  const migrator = {
    LOOM_URL: url(apiPort),
    MIGRATOR_REDIS_PREFIX: `{gitea-${randomUUID()}}:`,
    MIGRATOR_WORK_DIR: join(group.temporaryDirectory('loom-gitea-'), 'work'),
  };
  let running: ManagedProcess | undefined;
  return {
    loom: createLoomClient({ baseUrl: url(apiPort) }),
    webhookUrl: `${url(migratorPort)}/webhooks/github`,
    async startLoom() {
      await Promise.all([
        start('api', 'api', apiPort, common),
        start('worker', 'orchestrator-worker', workerPort, common),
      ]);
    },
    async startMigrator(settings) {
      await running?.stop();
      running = await start('migrator', 'sample-migrator', migratorPort, { ...migrator, ...settings });
    },
    stop: () => group.stopAll(),
  };
}
