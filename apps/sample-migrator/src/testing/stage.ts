import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCleanup } from './cleanup';
import { commitTo } from './clone';
import { startLocalForge, type LocalForge } from './local-forge';
import { startLoomServer, type LoomServer } from './loom-server';
import { startMigratorProcess, type MigratorProcess } from './migrator-process';
import { connectTestRedis, type TestRedis } from './real-redis';
import { APP_FILES, GITOPS, gitopsFiles } from './world';

/** A forge with billing-api before its migration, a Loom and a Redis: everything that migrator processes need. */
export interface Stage {
  forge: LocalForge;
  loom: LoomServer;
  workDirectory: string;
  /** Starts a migrator; `more` overrides settings. One with a `MIGRATOR_REDIS_PREFIX` of its own shares no work. */
  start: (more?: Record<string, string>) => Promise<MigratorProcess>;
  redis: TestRedis;
  /** Undoes everything. */
  close: () => Promise<void>;
}

/** Sets the stage, without a migrator. */
export async function setStage(): Promise<Stage> {
  const cleanup = createCleanup();
  const redis = await connectTestRedis();
  cleanup.add(redis.close);
  const forge = await startLocalForge();
  cleanup.add(forge.stop);
  const loom = await startLoomServer();
  cleanup.add(loom.stop);
  for (const name of ['gitops', 'billing-api']) await forge.api('POST', '/orgs/acme/repos', { name });
  commitTo(`${forge.url}/${GITOPS}.git`, forge.token, 'main', gitopsFiles(['dev']));
  commitTo(`${forge.url}/acme/billing-api.git`, forge.token, 'main', APP_FILES);
  const workDirectory = mkdtempSync(join(tmpdir(), 'migrator-work-'));
  cleanup.add(() => rmSync(workDirectory, { recursive: true, force: true }));
  const environment = {
    PORT: '0',
    LOOM_URL: loom.url,
    REDIS_ADDR: redis.address,
    MIGRATOR_REDIS_PREFIX: redis.prefix(),
    GITHUB_API_URL: forge.url,
    GITHUB_GIT_URL: forge.url,
    GITHUB_TOKEN: forge.token,
    MIGRATOR_WORK_DIR: workDirectory,
    POLL_INTERVAL_MS: '1h',
  };
  return {
    ...{ forge, loom, workDirectory, redis },
    start: async (more = {}) => {
      const started = await startMigratorProcess({ ...environment, ...more });
      // One that has ended is not hurt.
      cleanup.add(() => started.kill('SIGKILL'));
      return started;
    },
    close: cleanup.run,
  };
}
