import { createHmac } from 'node:crypto';
import type { Express } from 'express';
import request from 'supertest';
import {
  APP_REPO,
  drained,
  dispatchOf,
  startMemoryMigrator,
  WEBHOOK_SECRET,
  type MemoryMigrator,
} from './testing/memory-migrator';
import { billingApi, GITOPS, gitopsFiles, overlayPath } from './testing/world';

let migrator: MemoryMigrator;
beforeEach(() => {
  migrator = startMemoryMigrator();
});
afterEach(() => migrator.stop());

/** A migrator that looks at pull requests all the time. */
async function withPolling(): Promise<void> {
  await migrator.stop();
  migrator = startMemoryMigrator({ config: { pollIntervalMs: 5 } });
}

const dispatch = (app: Express, stepName: string, attempt = 1, runAttempt = 1, more: object = {}) => {
  const { body, key } = dispatchOf(stepName, attempt, runAttempt);
  return request(app)
    .post('/dispatch-step')
    .set('idempotency-key', key)
    .send({ ...body, ...more });
};
const webhook = (app: Express, body: object, secret = WEBHOOK_SECRET, event = 'pull_request') => {
  const raw = JSON.stringify(body);
  const mac = createHmac('sha256', secret).update(raw).digest('hex');
  return request(app)
    .post('/webhooks/github')
    .set({
      'x-github-event': event,
      'x-hub-signature-256': `sha256=${mac}`,
      'content-type': 'application/json',
    })
    .send(raw);
};
const closed = (number: number, merged: boolean, repo = GITOPS, action = 'closed') => ({
  action,
  pull_request: {
    number,
    html_url: `http://forge/${repo}/pull/${String(number)}`,
    merged,
    merge_commit_sha: merged ? 'c0ffee' : null,
  },
  repository: { full_name: repo },
});
const cancel = (
  app: Express,
  steps: object[] = [],
  runId = 'app-chart-migration__billing-api',
  candidateId = 'billing-api',
) => request(app).post('/cancel-step').send({ runId, runAttempt: 1, candidateId, steps });

describe('dispatch', () => {
  test('opens a pull request, says so, and says when it is merged', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev').expect(202);
    const open = await migrator.loom.event('open');
    const branch = 'loom/app-chart-migration/billing-api/disable-sync-prune-dev';
    const metadata = { prUrl: 'http://forge/acme/gitops/pull/1', repo: GITOPS, prNumber: '1', branch };
    expect(open).toMatchObject({ candidateId: 'billing-api', stepName: 'disable-sync-prune-dev', metadata });
    expect(migrator.repositories.branch(GITOPS, branch)?.get(overlayPath('dev'))).toContain('prune: false');
    await webhook(migrator.app, closed(1, true)).expect(202);
    expect(await migrator.loom.event('merged')).toMatchObject({
      metadata: { prUrl: 'http://forge/acme/gitops/pull/1', commitSha: 'c0ffee' },
    });
    expect(migrator.loom.events.map(({ callbackId }) => callbackId)).toEqual(
      Array(2).fill(dispatchOf('disable-sync-prune-dev').body.callbackId),
    );
  });

  test('repeated, it has one effect', async () => {
    await Promise.all([1, 2, 3].map(() => dispatch(migrator.app, 'disable-sync-prune-dev').expect(202)));
    await migrator.loom.event('open');
    await webhook(migrator.app, closed(1, true));
    await webhook(migrator.app, closed(1, true));
    await migrator.loom.event('merged');
    await dispatch(migrator.app, 'disable-sync-prune-dev').expect(202);
    await drained(migrator);
    expect(migrator.forge.all()).toHaveLength(1);
    expect(migrator.loom.events.map(({ event }) => event.status)).toEqual(['open', 'merged']);
  });

  test('a change that is on main already completes at once, without a pull request', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-prod').expect(202);
    expect(await migrator.loom.event('completed')).toMatchObject({ stepName: 'disable-sync-prune-prod' });
    expect(migrator.forge.all()).toEqual([]);
  });

  test('a manual step waits for a person, with instructions', async () => {
    await dispatch(migrator.app, 'verify-chart-published').expect(202);
    const event = await migrator.loom.event('awaiting_review');
    expect(event.metadata?.['instructions']).toContain('oci://ghcr.io/acme/charts');
  });

  test('a step of unknown type fails, and says why', async () => {
    await dispatch(migrator.app, 'x', 1, 1, { type: 'repave-datacentre' }).expect(202);
    expect((await migrator.loom.event('failed')).reason).toBe(
      'this migrator knows no step of type "repave-datacentre" (x)',
    );
  });

  test('a step that cannot be done fails with its reason', async () => {
    await dispatch(migrator.app, 'swap-chart-dev').expect(202);
    expect((await migrator.loom.event('failed')).reason).toContain(
      'values-dev.yaml is not on the default branch',
    );
  });

  test('a forge that refuses fails the step; a retry reuses the branch', async () => {
    migrator.forge.fail('POST /repos/acme/gitops/pulls failed: 403 Resource not accessible');
    await dispatch(migrator.app, 'disable-sync-prune-dev').expect(202);
    expect((await migrator.loom.event('failed')).reason).toContain('403 Resource not accessible');
    migrator.forge.fail(undefined);
    await dispatch(migrator.app, 'disable-sync-prune-dev', 2).expect(202);
    await migrator.loom.event('open');
    expect(migrator.repositories.branches(GITOPS)).toHaveLength(2);
  });

  test.each([
    ['no body', {}],
    [
      'a run of another candidate',
      { ...dispatchOf('cleanup-common').body, runId: 'app-chart-migration__other' },
    ],
    ['no callback', { ...dispatchOf('cleanup-common').body, callbackId: '' }],
  ])('refuses %s', async (_, body) => {
    const response = await request(migrator.app).post('/dispatch-step').send(body).expect(400);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({ code: 'invalid_request', status: 400 });
  });

  test('work that was accepted survives a restart', async () => {
    const { store, outbox } = migrator;
    await migrator.stop();
    await dispatch(migrator.app, 'disable-sync-prune-dev').expect(202);
    expect(migrator.loom.events).toEqual([]);
    migrator = startMemoryMigrator({ store, outbox });
    await migrator.loom.event('open');
  });
});

describe('what becomes of a pull request', () => {
  beforeEach(async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev').expect(202);
    await migrator.loom.event('open');
  });

  test('closed without a merge, the step fails and says so; a retry opens a new one', async () => {
    await migrator.forge.close(GITOPS, 1);
    await webhook(migrator.app, closed(1, false)).expect(202);
    expect((await migrator.loom.event('failed')).reason).toContain('/pull/1 was closed without being merged');
    migrator.loom.events.length = 0;
    await dispatch(migrator.app, 'disable-sync-prune-dev', 2).expect(202);
    expect((await migrator.loom.event('open')).metadata?.['prNumber']).toBe('2');
  });

  test('a lost webhook is made up for by looking', async () => {
    await withPolling();
    await dispatch(migrator.app, 'disable-sync-prune-dev').expect(202);
    await migrator.loom.event('open');
    migrator.forge.merge(GITOPS, 1, 'c0ffee');
    expect((await migrator.loom.event('merged')).metadata?.['commitSha']).toBe('c0ffee');
  });

  test('a conflict fails the step; a retry makes the change anew on the same pull request', async () => {
    await withPolling();
    await dispatch(migrator.app, 'disable-sync-prune-dev').expect(202);
    await migrator.loom.event('open');
    migrator.forge.setConflicting(GITOPS, 1, true);
    expect((await migrator.loom.event('failed')).reason).toContain('conflicts with its base branch');
    migrator.forge.setConflicting(GITOPS, 1, false);
    const files = gitopsFiles();
    migrator.repositories.setMain(GITOPS, {
      ...files,
      [overlayPath('dev')]: `# newer\n${files[overlayPath('dev')] ?? ''}`,
    });
    migrator.loom.events.length = 0;
    await dispatch(migrator.app, 'disable-sync-prune-dev', 2).expect(202);
    const { metadata } = await migrator.loom.event('open');
    expect(metadata?.['prNumber']).toBe('1');
    const pushed = migrator.repositories.branch(GITOPS, metadata?.['branch'] ?? '');
    expect(pushed?.get(overlayPath('dev'))).toMatch(/^# newer\n/);
  });

  test.each(['opened', 'reopened', 'synchronize'])('%s is harmless', async (action) => {
    await webhook(migrator.app, closed(1, false, GITOPS, action)).expect(202);
    await webhook(migrator.app, closed(99, true)).expect(202);
    await webhook(migrator.app, { zen: 'x' }, WEBHOOK_SECRET, 'ping').expect(202);
    await drained(migrator);
    expect(migrator.loom.events.map(({ event }) => event.status)).toEqual(['open']);
  });

  test('a webhook that is not signed by the forge changes nothing', async () => {
    await webhook(migrator.app, closed(1, true), 'another-secret').expect(401);
    await request(migrator.app)
      .post('/webhooks/github')
      .set('x-github-event', 'pull_request')
      .send(closed(1, true))
      .expect(401);
    const mac = createHmac('sha256', WEBHOOK_SECRET)
      .update(JSON.stringify(closed(1, false)))
      .digest('hex');
    await request(migrator.app)
      .post('/webhooks/github')
      .set({ 'x-github-event': 'pull_request', 'x-hub-signature-256': `sha256=${mac}` })
      .send(closed(1, true))
      .expect(401);
    await drained(migrator);
    expect(migrator.loom.events.map(({ event }) => event.status)).toEqual(['open']);
  });
});

describe('cancel', () => {
  test('closes the pull requests of the run, deletes their branches, and forgets the rest', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev');
    await migrator.loom.event('open');
    await cancel(migrator.app).expect(200, { closed: 1 });
    expect(migrator.forge.all().map(({ state }) => state)).toEqual(['closed']);
    expect(migrator.repositories.branches(GITOPS)).toEqual(['main']);
    await webhook(migrator.app, closed(1, false)).expect(202);
    await dispatch(migrator.app, 'cleanup-common').expect(202);
    await cancel(migrator.app).expect(200, { closed: 0 });
    await drained(migrator);
    expect(migrator.loom.events.map(({ event }) => event.status)).toEqual(['open']);
    expect(migrator.forge.all()).toHaveLength(1);
  });

  test('closes what a failed step left open, as its events told', async () => {
    await withPolling();
    await dispatch(migrator.app, 'disable-sync-prune-dev');
    const { metadata } = await migrator.loom.event('open');
    migrator.forge.setConflicting(GITOPS, 1, true);
    await migrator.loom.event('failed');
    const step = { stepName: 'disable-sync-prune-dev', status: 'failed', attempt: 1, metadata };
    await cancel(migrator.app, [step]).expect(200, { closed: 1 });
    expect(migrator.forge.all().map(({ state }) => state)).toEqual(['closed']);
  });

  test('does not touch pull requests of others, whatever it is told', async () => {
    await migrator.forge.open({ repo: GITOPS, branch: 'somebodys', base: 'main', title: 't', body: 'b' });
    const metadata = { repo: GITOPS, prNumber: '1', branch: 'somebodys' };
    const step = { stepName: 's', status: 'open', attempt: 1, metadata };
    await cancel(migrator.app, [step]).expect(200, { closed: 0 });
    await cancel(migrator.app, [step], 'app-chart-migration__other').expect(200, { closed: 0 });
    expect(migrator.forge.all().map(({ state }) => state)).toEqual(['open']);
  });

  test('with a forge that is away it says so, and is repeatable', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev');
    await migrator.loom.event('open');
    migrator.forge.fail('the forge gave no answer');
    const response = await cancel(migrator.app).expect(503);
    expect(response.body).toMatchObject({
      code: 'dependency_unavailable',
      detail: 'the forge gave no answer',
    });
    expect(response.get('retry-after')).toBe('5');
    migrator.forge.fail(undefined);
    await cancel(migrator.app).expect(200, { closed: 1 });
  });

  test('the next run attempt starts anew', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev');
    await migrator.loom.event('open');
    await cancel(migrator.app).expect(200);
    migrator.loom.events.length = 0;
    await dispatch(migrator.app, 'disable-sync-prune-dev', 1, 2).expect(202);
    expect((await migrator.loom.event('open')).metadata?.['prNumber']).toBe('2');
  });
});

describe('dry run', () => {
  const run = (steps: object[]) =>
    request(migrator.app)
      .post('/dry-run')
      .send({ migrationId: 'app-chart-migration', candidate: billingApi(), steps })
      .expect(200);
  interface Result {
    stepName: string;
    skipped: boolean;
    error?: string;
    files?: { path: string; repo: string; before?: string; after: string; status: string }[];
  }
  const results = async (steps: object[]) => ((await run(steps)).body as { steps: Result[] }).steps;

  test('stacks the diffs of all steps, and writes nothing', async () => {
    const steps = await results(billingApi().steps ?? []);
    expect(
      steps.map(({ stepName, skipped, files }) => [stepName, skipped ? 'skipped' : files?.length]),
    ).toEqual([
      ['generate-app-chart', 5],
      ['verify-chart-published', 'skipped'],
      ['disable-sync-prune-dev', 1],
      ['swap-chart-dev', 1],
      ['enable-sync-prune-dev', 1],
      ['disable-sync-prune-staging', 1],
      ['swap-chart-staging', 1],
      ['enable-sync-prune-staging', 1],
      ['disable-sync-prune-prod', 0],
      ['swap-chart-prod', 1],
      ['enable-sync-prune-prod', 0],
      ['cleanup-common', 1],
      ['update-deploy-workflow', 1],
    ]);
    const [, , disable, swap, enable] = steps.map(({ files }) => files?.[0]);
    expect(
      steps[0]?.files?.every(
        ({ status, repo, before }) => status === 'new' && repo === APP_REPO && before === undefined,
      ),
    ).toBe(true);
    expect(disable).toMatchObject({
      path: overlayPath('dev'),
      repo: GITOPS,
      status: 'modified',
      before: gitopsFiles()[overlayPath('dev')],
    });
    expect(swap?.before).toBe(disable?.after);
    expect(enable?.before).toBe(swap?.after);
    expect(enable?.after).toContain('prune: true');
    expect([...(migrator.repositories.branch(GITOPS, 'main') ?? [])]).toEqual(Object.entries(gitopsFiles()));
    expect(migrator.repositories.branches(GITOPS)).toEqual(['main']);
    expect(migrator.forge.all()).toEqual([]);
  });

  test('a step that fails leaves the others their say', async () => {
    const [generate, , disable, swap] = billingApi().steps ?? [];
    const steps = await results([swap ?? {}, generate ?? {}, swap ?? {}, disable ?? {}]);
    expect(steps.map(({ error, files }) => error ?? files?.length)).toEqual([
      expect.stringContaining('values-dev.yaml is not on'),
      5,
      1,
      1,
    ]);
  });

  test('skips unknown types and steps of other migrators', async () => {
    const steps = await results([
      { name: 'a', migratorApp: 'app-chart-migrator', type: 'unknown' },
      { name: 'b', migratorApp: 'another', type: 'cleanup-common' },
      { name: 'c', migratorApp: 'app-chart-migrator' },
    ]);
    expect(steps.map(({ skipped }) => skipped)).toEqual([true, true, true]);
  });
});

describe('the rest of the service', () => {
  test('health and readiness', async () => {
    await request(migrator.app).get('/health').expect(200, { status: 'ok' });
    await request(migrator.app).get('/healthz').expect(200);
    await request(migrator.app).get('/readyz').expect(200);
    await request(migrator.app).get('/nothing').expect(404);
  });

  test('discovery on demand announces and submits', async () => {
    const response = await request(migrator.app).post('/discover').expect(200);
    expect(response.body).toMatchObject({ candidates: 1, added: 1 });
    expect(migrator.loom.announcements[0]).toMatchObject({
      id: 'app-chart-migration',
      migratorUrl: 'http://127.0.0.1:3001',
    });
    expect(migrator.loom.submits).toEqual([[billingApi()]]);
  });

  test('a Loom that refuses is told of', async () => {
    migrator.loom.announce = () => Promise.resolve({ status: 403, code: 'forbidden', detail: 'not yours' });
    const response = await request(migrator.app).post('/discover').expect(503);
    expect(response.body).toMatchObject({ detail: 'announce: Loom answered 403 forbidden not yours' });
  });

  test('where dispatches are signed, others are refused', async () => {
    await migrator.stop();
    const secret = `whsec_${Buffer.from('a-dispatch-secret').toString('base64')}`;
    const loom = { url: 'http://127.0.0.1:8080', apiKey: undefined, dispatchSecrets: ['old-secret', secret] };
    migrator = startMemoryMigrator({ config: { loom } });
    await dispatch(migrator.app, 'cleanup-common').expect(401);
    const raw = JSON.stringify(dispatchOf('cleanup-common').body);
    const at = String(Math.floor(Date.now() / 1000));
    const sign = (timestamp: string) => {
      const mac = createHmac('sha256', 'a-dispatch-secret').update(`m1.${timestamp}.${raw}`).digest('base64');
      return { 'webhook-id': 'm1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,AAAA v1,${mac}` };
    };
    const post = (headers: Record<string, string>) =>
      request(migrator.app)
        .post('/dispatch-step')
        .set({ ...headers, 'content-type': 'application/json' })
        .send(raw);
    await post(sign('1000000000')).expect(401);
    await post({ ...sign(at), 'webhook-id': 'm2' }).expect(401);
    await post(sign(at)).expect(202);
  });
});
