import { createHmac } from 'node:crypto';
import request from 'supertest';
import {
  drained,
  startMemoryMigrator,
  WEBHOOK_SECRET,
  type MemoryMigrator,
} from '../testing/memory-migrator';
import { closed, dispatch, webhook } from '../testing/requests';
import { GITOPS, gitopsFiles, overlayPath } from '../testing/world';

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

  test('vanished on two looks in a row, the step fails and says so; a retry opens a new one', async () => {
    await withPolling();
    await dispatch(migrator.app, 'disable-sync-prune-dev').expect(202);
    await migrator.loom.event('open');
    migrator.forge.vanish(GITOPS, 1);
    const { reason } = await migrator.loom.event('failed');
    expect(reason).toContain('/pull/1 is not on the forge any more (404');
    migrator.loom.events.length = 0;
    await dispatch(migrator.app, 'disable-sync-prune-dev', 2).expect(202);
    await migrator.loom.event('open');
    expect(migrator.forge.all()).toHaveLength(1);
  });

  test.each(['opened', 'reopened', 'synchronize'])('%s is harmless', async (action) => {
    await webhook(migrator.app, closed(1, false, action)).expect(202);
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
