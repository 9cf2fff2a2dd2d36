import request from 'supertest';
import { dispatchOf, drained, startMemoryMigrator, type MemoryMigrator } from '../testing/memory-migrator';
import { closed, dispatch, webhook } from '../testing/requests';
import { GITOPS, overlayPath } from '../testing/world';

let migrator: MemoryMigrator;
beforeEach(() => {
  migrator = startMemoryMigrator();
});
afterEach(() => migrator.stop());

describe('dispatch', () => {
  test('opens a pull request, says so, and says when it is merged', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev').expect(202);
    const open = await migrator.loom.event('open');
    const branch = 'loom/app-chart-migration/billing-api/1/disable-sync-prune-dev';
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
