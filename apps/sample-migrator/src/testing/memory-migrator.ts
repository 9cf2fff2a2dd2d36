import { noTracing, type Logger, type OutageLog, type Tracing } from '@loom/ports';
import { readConfig, type MigratorConfig } from '../config';
import { createQuota } from '../forge/quota';
import { createTokenLog } from '../forge/token-refusal';
import { startMigrator, type Migrator } from '../migrator';
import { createMemoryForge, type MemoryForge } from '../ports/memory/memory-forge';
import {
  createMemoryGitRepositories,
  type MemoryGitRepositories,
} from '../ports/memory/memory-git-repositories';
import { createMemoryOutbox } from '../ports/memory/memory-outbox';
import { createMemoryWorkStore } from '../ports/memory/memory-work-store';
import type { Outbox, WorkIndex, WorkStore } from '../ports';
import { createFakeLoom, type FakeLoom } from './fake-loom';
import { APP_FILES, billingApi, GITOPS, gitopsFiles } from './world';

export const WEBHOOK_SECRET = 'a-webhook-secret';
export const APP_REPO = 'acme/billing-api';

/** A migrator on memory adapters, with the world before the migration in them. */
export interface MemoryMigrator extends Migrator {
  repositories: MemoryGitRepositories;
  forge: MemoryForge;
  loom: FakeLoom;
  store: WorkStore & WorkIndex;
  outbox: Outbox;
  logs: { level: string; message: string; fields: unknown }[];
}

export interface MemoryMigratorOptions {
  config?: Partial<MigratorConfig>;
  store?: WorkStore & WorkIndex;
  outbox?: Outbox;
  tracing?: Tracing;
}

/** Starts one; what it runs on may come from another, as after a restart. */
export function startMemoryMigrator(options: MemoryMigratorOptions = {}): MemoryMigrator {
  const repositories = createMemoryGitRepositories();
  repositories.setMain(GITOPS, gitopsFiles());
  repositories.setMain(APP_REPO, APP_FILES);
  const forge = createMemoryForge();
  const loom = createFakeLoom();
  const store = options.store ?? createMemoryWorkStore();
  const outbox = options.outbox ?? createMemoryOutbox();
  const logs: MemoryMigrator['logs'] = [];
  const config = {
    ...readConfig({ GITHUB_WEBHOOK_SECRET: WEBHOOK_SECRET, POLL_INTERVAL_MS: '1h' }),
    ...options.config,
  };
  const stopping = new AbortController().signal;
  const logger = memoryLogger(logs);
  const adapters = {
    store,
    outbox,
    forge,
    quota: createQuota(),
    repositories,
    loom,
    probes: [],
    logger,
    tracing: options.tracing ?? noTracing,
    stopping,
  };
  return { ...startMigrator(config, adapters), repositories, forge, loom, store, outbox, logs };
}

const DRAIN_MS = 10_000;

/** Resolves when everything that was put into the outbox is delivered. */
export async function drained({ outbox }: Pick<MemoryMigrator, 'outbox'>): Promise<void> {
  const deadline = Date.now() + DRAIN_MS;
  while ((await outbox.size()) > 0) {
    if (Date.now() > deadline) throw new Error('the outbox does not become empty');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Keeps what is logged. */
export function memoryLogger(logs: MemoryMigrator['logs']): Logger {
  const at =
    (level: string) =>
    (message: string, fields?: unknown): void =>
      void logs.push({ level, message, fields });
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => logger,
  };
  return logger;
}

/** Tells nobody. */
export function quietTokenLog(): OutageLog {
  return createTokenLog(memoryLogger([]), 'the forge', 'nowhere');
}

/** The body of a dispatch of one of billing-api's steps, and its key. */
export function dispatchOf(stepName: string, attempt = 1, runAttempt = 1) {
  const candidate = billingApi();
  const stepIndex = candidate.steps?.findIndex((step) => step.name === stepName) ?? -1;
  const step = candidate.steps?.[stepIndex];
  const runId = `app-chart-migration__${candidate.id}`;
  const body = {
    migrationId: 'app-chart-migration',
    stepName,
    stepIndex: Math.max(stepIndex, 0),
    candidate,
    ...(step?.type === undefined ? {} : { type: step.type }),
    config: step?.config ?? {},
    inputs: { chartVersion: '0.1.0' },
    callbackId: `${runId}~${String(runAttempt)}~${String(stepIndex)}~${String(attempt)}~k1~secretmac`,
    eventName: `step-completed:${stepName}:${candidate.id}`,
    migratorApp: 'app-chart-migrator',
    migratorUrl: 'http://127.0.0.1:3001',
    runId,
    attempt,
    runAttempt,
  };
  return { body, key: `${runId}/${String(runAttempt)}/${String(stepIndex)}/${String(attempt)}` };
}
