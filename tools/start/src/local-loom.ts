import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { seedWorld } from '@loom/seed';
import {
  startService,
  type ManagedProcess,
  type Probes,
  type ProcessGroup,
  type ServiceSpec,
} from '@loom/dev-stack';
import { showFilling } from './filled-repositories';
import type { ProgressDisplay } from './progress-line';
import { mainFileOf, type AppName } from './programs';
import { localSecrets, type Secrets } from './secrets';
import { startServers, type Servers } from './servers';
import { serviceEnvironment } from './service-environment';
import type { Ports } from './settings';

/** A whole Loom on this machine, with a forge and an example world to move. */
export interface LocalLoom {
  apiUrl: string;
  migratorUrl: string;
  forgeUrl: string;
  temporalUiUrl: string | undefined;
  /** Where the forge keeps its bare repositories. */
  repositories: string;
  secrets: Secrets;
  /** kill -9, as a crash does; `startApp` brings it back. */
  killApp(name: AppName): Promise<void>;
  startApp(name: AppName): Promise<void>;
}

export interface LocalLoomOptions {
  group: ProcessGroup;
  probes: Probes;
  /** Everything that is to survive a restart lies below it. */
  directory: string;
  ports: Ports;
  applications: number;
  /** `own`: servers that other processes do not see, whatever the environment names. */
  servers: 'own' | 'as the environment says';
  /** `quiet`: logs go to files in `directory`/logs only. */
  output: 'lines' | 'quiet';
  note: (line: string) => void;
  /** How far something is that takes a while. */
  progress: Pick<ProgressDisplay, 'show' | 'done'>;
}

/** Where the example world's charts are published to; nothing here ever asks it. */
export const CHART_REGISTRY = 'registry.acme.example/charts';
const OWNER = 'acme';
const repositoriesBelow = (directory: string) => join(directory, 'forge', 'repos');
const local = (port: number) => `http://127.0.0.1:${port}`;

/** Obtains and starts Temporal and Redis, then every program of Loom, each after it what it needs answers. */
export async function startLocalLoom(options: LocalLoomOptions): Promise<LocalLoom> {
  const { ports, directory, note } = options;
  const secrets = await localSecrets(join(directory, 'secrets.json'));
  await mkdir(join(directory, 'logs'), { recursive: true });
  const servers = await startServers(options);
  const specs = appSpecs(options, secrets, servers);
  const running = new Map<AppName, ManagedProcess>();
  const startApp = async (name: AppName): Promise<void> => {
    running.set(name, await startService(options.group, specs[name]));
    note(`${name} is ready`);
  };

  await startApp('forge');
  note(`making ${options.applications} applications in the forge, where they are not there yet`);
  await makeWorld(options, secrets);
  await Promise.all([startApp('api'), startApp('worker')]);
  await startApp('migrator');

  return {
    apiUrl: local(ports.api),
    migratorUrl: local(ports.migrator),
    forgeUrl: local(ports.forge),
    temporalUiUrl: servers.ownTemporal ? local(ports.temporalUi) : undefined,
    repositories: repositoriesBelow(directory),
    secrets,
    startApp,
    killApp: async (name) => {
      await running.get(name)?.kill('SIGKILL');
    },
  };
}

async function makeWorld(
  { ports, directory, applications, progress }: LocalLoomOptions,
  { forgeToken, webhookSecret }: Secrets,
): Promise<void> {
  const made = seedWorld({
    forgeUrl: local(ports.forge),
    token: forgeToken,
    owner: OWNER,
    apps: applications,
    webhookUrl: `${local(ports.migrator)}/webhooks/github`,
    webhookSecret,
  });
  // One repository each, and the one that says what runs where.
  await showFilling(made, {
    directory: join(repositoriesBelow(directory), OWNER),
    total: applications + 1,
    progress,
  });
}

function appSpecs(
  { ports, directory, output }: LocalLoomOptions,
  secrets: Secrets,
  servers: Servers,
): Record<AppName, ServiceSpec> {
  const spec = (name: AppName, port: number, env: Record<string, string>): ServiceSpec => ({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', mainFileOf(name)],
    env: {
      ...serviceEnvironment(process.env),
      NODE_ENV: 'production',
      LOOM_LOG_FORMAT: output === 'lines' ? 'pretty' : 'json',
      ...env,
    },
    output,
    logFile: join(directory, 'logs', `${name}.log`),
    readyUrl: `${local(port)}/${name === 'forge' ? 'healthz' : 'readyz'}`,
  });
  const shared = {
    ...servers.environment,
    LOOM_CALLBACK_KEYS: secrets.callbackKeys,
    LOOM_PUBLIC_URL: local(ports.api),
  };
  return {
    api: spec('api', ports.api, { ...shared, PORT: String(ports.api) }),
    worker: spec('worker', ports.worker, {
      ...shared,
      PORT: String(ports.worker),
    }),
    migrator: spec('migrator', ports.migrator, {
      ...servers.environment,
      PORT: String(ports.migrator),
      LOOM_URL: local(ports.api),
      MIGRATOR_URL: local(ports.migrator),
      GITHUB_API_URL: local(ports.forge),
      GITHUB_TOKEN: secrets.forgeToken,
      CHART_REGISTRY,
      GITHUB_WEBHOOK_SECRET: secrets.webhookSecret,
      MIGRATOR_WORK_DIR: join(directory, 'migrator'),
    }),
    forge: spec('forge', ports.forge, {
      FORGE_PORT: String(ports.forge),
      FORGE_DIR: join(directory, 'forge'),
      FORGE_TOKEN: secrets.forgeToken,
    }),
  };
}
