import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Candidate, StepDefinition } from '@loom/api-types';
import { createCleanup } from './testing/cleanup';
import { commitTo } from './testing/clone';
import { startLocalForge, type LocalForge } from './testing/local-forge';
import { startLoomServer, type LoomServer } from './testing/loom-server';
import { outboxHolds } from './testing/outbox-holds';
import { startMigratorProcess, type MigratorProcess } from './testing/migrator-process';
import { connectTestRedis, type TestRedis } from './testing/real-redis';
import { APP_FILES, BASE, gitopsFiles, overlay, overlayPath } from './testing/world';

const webhookSecret = 'a-webhook-secret';
const cleanup = createCleanup();

let forge: LocalForge;
let loom: LoomServer;
let migrator: MigratorProcess;
let server: TestRedis;
let prefix: string;
let environment: Record<string, string>;
let runAttempt = 0;

beforeAll(async () => {
  server = await connectTestRedis();
  cleanup.add(server.close);
  prefix = server.prefix();
  forge = await startLocalForge();
  cleanup.add(forge.stop);
  loom = await startLoomServer();
  cleanup.add(loom.stop);
  for (const name of ['gitops', 'billing-api', 'ledger'])
    await forge.api('POST', '/orgs/acme/repos', { name });
  const renamed = (files: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(files).map(([path, text]) => [
        path.replaceAll('billing-api', 'ledger'),
        text.replaceAll('billing-api', 'ledger'),
      ]),
    );
  commitTo(`${forge.url}/acme/gitops.git`, forge.token, 'main', {
    ...gitopsFiles(['dev', 'prod']),
    ...renamed(gitopsFiles(['dev'])),
  });
  commitTo(`${forge.url}/acme/billing-api.git`, forge.token, 'main', APP_FILES);
  commitTo(`${forge.url}/acme/ledger.git`, forge.token, 'main', renamed(APP_FILES));
  const workDirectory = mkdtempSync(join(tmpdir(), 'migrator-work-'));
  cleanup.add(() => rmSync(workDirectory, { recursive: true, force: true }));
  environment = {
    PORT: '0',
    LOOM_URL: loom.url,
    REDIS_ADDR: server.address,
    MIGRATOR_REDIS_PREFIX: prefix,
    GITHUB_API_URL: forge.url,
    GITHUB_TOKEN: forge.token,
    GITHUB_WEBHOOK_SECRET: webhookSecret,
    MIGRATOR_WORK_DIR: workDirectory,
    POLL_INTERVAL_MS: '1h',
    LOOM_LOG_LEVEL: 'debug',
  };
  await start();
  await loom.until(() => loom.candidates.size === 2, 'discovered');
});
afterAll(cleanup.run, 15_000);
beforeEach(() => {
  loom.events.length = 0;
  loom.away = false;
  runAttempt += 1;
});

/** Starts the migrator, and lets the forge tell it of pull requests. */
async function start(more: Record<string, string> = {}): Promise<void> {
  const started = await startMigratorProcess({ ...environment, ...more });
  // One that has ended is not hurt.
  cleanup.add(() => started.kill('SIGKILL'));
  migrator = started;
  const config = { url: `${migrator.url}/webhooks/github`, secret: webhookSecret, content_type: 'json' };
  await forge.api('POST', '/orgs/acme/hooks', {
    name: 'web',
    config,
    events: ['pull_request'],
    active: true,
  });
}

function candidate(id: string): Candidate {
  const found = loom.candidates.get(id);
  if (!found) throw new Error(`${id} was not discovered`);
  return found;
}

function dispatch(id: string, step: StepDefinition, stepIndex: number, attempt = 1) {
  const runId = `app-chart-migration__${id}`;
  const { name: stepName, type, config = {}, migratorApp } = step;
  const numbers = [runAttempt, stepIndex, attempt].map(String);
  const body = {
    migrationId: 'app-chart-migration',
    ...{ stepName, stepIndex, type, config, migratorApp, runId, runAttempt, attempt },
    candidate: candidate(id),
    inputs: { chartVersion: '0.3.0' },
    callbackId: [runId, ...numbers, 'k1', 'canary-mac'].join('~'),
    eventName: `step-completed:${stepName}:${id}`,
    migratorUrl: migrator.url,
  };
  return migrator.post('/dispatch-step', body, { 'idempotency-key': [runId, ...numbers].join('/') });
}

/** Of this test's attempt: an event of an earlier one may be delivered once more. */
const eventsOf = (id: string, stepName: string) =>
  loom.events
    .filter(({ callbackId }) => callbackId.startsWith(`app-chart-migration__${id}~${runAttempt}~`))
    .map(({ event }) => event)
    .filter((event) => event.stepName === stepName);
const find = (id: string, stepName: string, status: string) =>
  eventsOf(id, stepName).find((event) => event.status === status);

async function merge(metadata: Record<string, string> | undefined): Promise<void> {
  const { repo = '', prNumber = '' } = metadata ?? {};
  await forge.api('PUT', `/repos/${repo}/pulls/${prNumber}/merge`, {});
}

/** Carries out every step as Loom and a reviewer would; returns the last event of each. */
async function migrate(id: string): Promise<string[]> {
  const outcomes: string[] = [];
  for (const [index, step] of (candidate(id).steps ?? []).entries()) {
    expect((await dispatch(id, step, index)).status).toBe(202);
    const settled = () => eventsOf(id, step.name).at(-1);
    await loom.until(() => settled() !== undefined, `heard of ${step.name}`);
    const { status, metadata } = settled() ?? {};
    if (status === 'open') {
      await merge(metadata);
      await loom.until(() => find(id, step.name, 'merged') !== undefined, `told that ${step.name} is merged`);
    }
    outcomes.push(settled()?.status ?? '');
  }
  return outcomes;
}

async function content(repo: string, path: string): Promise<string> {
  const file = (await forge.api('GET', `/repos/${repo}/contents/${path}`)) as { content: string };
  return Buffer.from(file.content, 'base64').toString('utf8');
}

const disable = (id: string): [StepDefinition, number] => {
  const steps = candidate(id).steps ?? [];
  const index = steps.findIndex(({ name }) => name === 'disable-sync-prune-dev');
  const step = steps[index];
  if (!step) throw new Error('no such step');
  return [step, index];
};
const prOf = (id: string) => find(id, 'disable-sync-prune-dev', 'open')?.metadata ?? {};
const isOpen = (id: string) => () => find(id, 'disable-sync-prune-dev', 'open') !== undefined;

test('a run that is cancelled leaves no pull request and no branch behind', async () => {
  await dispatch('ledger', ...disable('ledger'));
  await loom.until(isOpen('ledger'), 'open');
  const { repo = '', prNumber = '', branch = '' } = prOf('ledger');
  const runId = 'app-chart-migration__ledger';
  const answer = await migrator.post('/cancel-step', { runId, runAttempt, candidateId: 'ledger', steps: [] });
  expect(answer).toEqual({ status: 200, body: { closed: 1 } });
  expect(await forge.api('GET', `/repos/${repo}/pulls/${prNumber}`)).toMatchObject({
    state: 'closed',
    merged: false,
  });
  const branches = (await forge.api('GET', `/repos/${repo}/branches`)) as { name: string }[];
  expect(branches.map(({ name }) => name)).not.toContain(branch);
});

test('killed with work in hand and events on the way, it goes on where it was', async () => {
  loom.away = true;
  await dispatch('ledger', ...disable('ledger'));
  await dispatch('ledger', ...disable('ledger'));
  await migrator.kill('SIGKILL');
  await start();
  await dispatch('ledger', ...disable('ledger'));
  loom.away = false;
  await loom.until(isOpen('ledger'), 'open');
  loom.away = true;
  await merge(prOf('ledger'));
  await outboxHolds(server.redis, prefix, 'merged');
  await migrator.kill('SIGKILL');
  await start();
  loom.away = false;
  await loom.until(() => find('ledger', 'disable-sync-prune-dev', 'merged') !== undefined, 'merged');
  const pulls = (await forge.api('GET', '/repos/acme/gitops/pulls?state=all')) as {
    head: { ref: string };
    merged_at: string | null;
  }[];
  const ours = pulls.filter(({ head, merged_at }) => head.ref.includes('/ledger/') && merged_at !== null);
  expect(ours).toHaveLength(1);
});

test('two candidates side by side end as they should, every other line untouched', async () => {
  const [first, second] = await Promise.all([migrate('billing-api'), migrate('ledger')]);
  // Pruning is off in prod, and ledger's was turned off by the test before: nothing to do there.
  expect(first).toEqual([
    ...['merged', 'awaiting_review', 'merged', 'merged', 'merged'],
    ...['completed', 'merged', 'completed', 'merged', 'merged'],
  ]);
  expect(second).toEqual(['merged', 'awaiting_review', 'completed', 'merged', 'merged', 'merged', 'merged']);

  const before = overlay('dev');
  const parameters = before.slice(before.indexOf('      parameters:'), before.indexOf('      releaseName'));
  const after = before
    .replace("'https://charts.example.com/generic'", "'ghcr.io/acme/charts'")
    .replace('chart: generic-app ', 'chart: billing-api ')
    .replace('2.4.1', '0.3.0')
    .replace(parameters, '      valueFiles:\n        - values-dev.yaml\n');
  expect(await content('acme/gitops', overlayPath('dev'))).toBe(after);
  const renamed = (text: string) => text.replaceAll('billing-api', 'ledger');
  expect(await content('acme/gitops', renamed(overlayPath('dev')))).toBe(renamed(after));
  const source = BASE.slice(BASE.indexOf('  source:'), BASE.indexOf('  destination:'));
  expect(await content('acme/gitops', 'apps/payments/billing-api/base/application.yaml')).toBe(
    BASE.replace(source, ''),
  );
  expect(await content('acme/billing-api', 'charts/billing-api/values-prod.yaml')).toContain(
    'replicaCount: 3',
  );

  const answer = await migrator.post('/discover', {});
  expect(answer.body).toMatchObject({ candidates: 0, problems: [] });
}, 40_000);

test('it says of itself whether it can work, and never a secret', async () => {
  const ready = await fetch(`${migrator.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    200,
    {
      status: 'ready',
      dependencies: [
        { name: 'redis', status: 'up' },
        { name: 'forge', status: 'up' },
        { name: 'loom', status: 'up' },
      ],
    },
  ]);
  expect(migrator.logs.length).toBeGreaterThan(0);
  for (const secret of ['canary-mac', forge.token, webhookSecret])
    expect(migrator.logs.join('\n')).not.toContain(secret);
});

test('asked to stop, it does so cleanly', async () => {
  expect(await migrator.kill('SIGTERM')).toBe(0);
});
