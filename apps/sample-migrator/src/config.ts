import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { z } from 'zod';
import {
  commonEnvironment,
  durationMs,
  hostPort,
  httpUrl,
  loadConfig,
  port,
  splitHostPort,
} from '@loom/platform';
import { keyPrefix } from './redis-store/script';
import { MIGRATOR_APP } from './steps/definitions';
import { isRepo } from './steps/subject';

const name = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const count = z
  .string()
  .regex(/^[1-9]\d{0,2}$/, 'must be a number from 1 to 999')
  .transform(Number);

/** What this migrator reads of the environment. */
export const environment = z.object({
  ...pick('REDIS_USERNAME', 'REDIS_PASSWORD', 'LOOM_REDIS_TLS', 'OTEL_ENABLED'),
  ...pick('LOOM_HOST', 'LOOM_LOG_LEVEL', 'LOOM_LOG_FORMAT'),
  /** One node: this migrator's few keys need no cluster. */
  REDIS_ADDR: hostPort.prefault('localhost:6379'),
  PORT: port.prefault('3001'),
  /** Begins every key; its hash tag keeps the keys of one migrator in one slot. */
  MIGRATOR_REDIS_PREFIX: z
    .string()
    .regex(/^[\w.:-]*\{[\w.-]+\}[\w.:-]*$/, 'must hold one {hash tag}, as in my:{migrator}:')
    .default(keyPrefix(MIGRATOR_APP)),
  LOOM_URL: httpUrl.prefault('http://127.0.0.1:8080'),
  /** Key for announce and submit, where Loom asks for one. */
  LOOM_API_KEY: z.string().min(1).optional(),
  /** Secrets of signed dispatches, separated by spaces; none = signatures are not looked at. */
  LOOM_DISPATCH_SECRETS: z.string().default(''),
  MIGRATOR_URL: httpUrl.optional(),
  MIGRATOR_WORK_DIR: z.string().default(join(tmpdir(), 'loom-sample-migrator')),
  GITHUB_API_URL: httpUrl.prefault('http://127.0.0.1:3300'),
  GITHUB_GIT_URL: httpUrl.optional(),
  GITHUB_TOKEN: z.string().min(1).optional(),
  GITHUB_WEBHOOK_SECRET: z.string().min(8, 'must have at least 8 characters').optional(),
  GITOPS_REPO: z.string().refine(isRepo, 'must be owner/name').default('acme/gitops'),
  ENVS: z
    .string()
    .default('dev,staging,prod')
    .transform((list) => list.split(',').map((env) => env.trim()))
    .refine((list) => list.every((env) => name.test(env)), 'must be names separated by commas'),
  CHART_REGISTRY: z
    .string()
    .regex(/^[a-z0-9.:/_-]+$/, 'must be host/path without a scheme')
    .optional(),
  GIT_AUTHOR_NAME: z.string().default('Loom bot'),
  GIT_AUTHOR_EMAIL: z.string().default('loom-bot@users.noreply.invalid'),
  POLL_INTERVAL_MS: durationMs.prefault('60s'),
  DISCOVERY_INTERVAL_MS: durationMs.prefault('5m'),
  STEP_CONCURRENCY: count.prefault('4'),
});

/** Everything the migrator is told from outside; intervals are in milliseconds. */
export interface MigratorConfig {
  host: string;
  port: number;
  log: {
    level: z.infer<typeof environment>['LOOM_LOG_LEVEL'];
    format: z.infer<typeof environment>['LOOM_LOG_FORMAT'];
  };
  redis: {
    host: string;
    port: number;
    username: string | undefined;
    password: string | undefined;
    tls: boolean;
    prefix: string;
  };
  loom: { url: string; apiKey: string | undefined; dispatchSecrets: string[] };
  migratorUrl: string;
  workDirectory: string;
  forge: { apiUrl: string; gitBase: string; token: string | undefined; webhookSecret: string | undefined };
  gitopsRepo: string;
  environments: string[];
  chartRegistry: string;
  author: { name: string; email: string };
  pollIntervalMs: number;
  discoveryIntervalMs: number;
  stepConcurrency: number;
  /** What git needs of our own environment, and nothing else of it. */
  gitEnvironment: Record<string, string>;
}

/** Reads the configuration. @throws ConfigError that names every bad variable */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): MigratorConfig {
  const read = loadConfig(environment, env);
  const redis = splitHostPort(read.REDIS_ADDR);
  return {
    host: read.LOOM_HOST,
    port: read.PORT,
    log: { level: read.LOOM_LOG_LEVEL, format: read.LOOM_LOG_FORMAT },
    redis: {
      ...redis,
      username: read.REDIS_USERNAME,
      password: read.REDIS_PASSWORD,
      tls: read.LOOM_REDIS_TLS,
      prefix: read.MIGRATOR_REDIS_PREFIX,
    },
    loom: {
      url: read.LOOM_URL,
      apiKey: read.LOOM_API_KEY,
      dispatchSecrets: read.LOOM_DISPATCH_SECRETS.split(' ').filter((secret) => secret !== ''),
    },
    migratorUrl: read.MIGRATOR_URL ?? `http://127.0.0.1:${String(read.PORT)}`,
    workDirectory: read.MIGRATOR_WORK_DIR,
    forge: {
      apiUrl: read.GITHUB_API_URL,
      gitBase: read.GITHUB_GIT_URL ?? gitBaseOf(read.GITHUB_API_URL),
      token: read.GITHUB_TOKEN,
      webhookSecret: read.GITHUB_WEBHOOK_SECRET,
    },
    gitopsRepo: read.GITOPS_REPO,
    environments: read.ENVS,
    chartRegistry:
      read.CHART_REGISTRY ?? `ghcr.io/${(read.GITOPS_REPO.split('/')[0] ?? '').toLowerCase()}/charts`,
    author: { name: read.GIT_AUTHOR_NAME, email: read.GIT_AUTHOR_EMAIL },
    pollIntervalMs: read.POLL_INTERVAL_MS,
    discoveryIntervalMs: read.DISCOVERY_INTERVAL_MS,
    stepConcurrency: read.STEP_CONCURRENCY,
    gitEnvironment: gitEnvironment(env),
  };
}

/** Where repositories are cloned from, given the API's address: on GitHub another host, elsewhere the same origin. */
function gitBaseOf(apiUrl: string): string {
  const { origin, hostname } = new URL(apiUrl);
  return hostname === 'api.github.com' ? 'https://github.com' : origin;
}

const GIT_VARIABLES = [
  'PATH',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'NO_PROXY',
  'https_proxy',
  'http_proxy',
  'no_proxy',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

function gitEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    GIT_VARIABLES.flatMap((key) => {
      const value = env[key];
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

function pick<K extends keyof typeof commonEnvironment>(...keys: K[]): Pick<typeof commonEnvironment, K> {
  return Object.fromEntries(keys.map((key) => [key, commonEnvironment[key]])) as Pick<
    typeof commonEnvironment,
    K
  >;
}
