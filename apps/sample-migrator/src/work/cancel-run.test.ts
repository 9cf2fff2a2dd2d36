import { StoreError } from '../ports';
import { drained, startMemoryMigrator, type MemoryMigrator } from '../testing/memory-migrator';
import { cancel, closed, dispatch, webhook } from '../testing/requests';
import { GITOPS } from '../testing/world';

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

  test('counts a pull request once that its record and its events name, in whatever case', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev');
    const { metadata } = await migrator.loom.event('open');
    const told = { ...metadata, repo: metadata?.['repo']?.toUpperCase() };
    const step = { stepName: 'disable-sync-prune-dev', status: 'open', attempt: 1, metadata: told };
    await cancel(migrator.app, [step]).expect(200, { closed: 1 });
  });

  test('with a store that is away it says so at once, and is repeatable', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev');
    await migrator.loom.event('open');
    const away = jest
      .spyOn(migrator.store, 'cancel')
      .mockRejectedValue(new StoreError('redis cannot be used'));
    await cancel(migrator.app).expect(503);
    away.mockRestore();
    await cancel(migrator.app).expect(200, { closed: 1 });
  });

  test('does not touch pull requests of others, whatever it is told', async () => {
    await migrator.forge.open({ repo: GITOPS, branch: 'somebodys', base: 'main', title: 't', body: 'b' });
    const metadata = { repo: GITOPS, prNumber: '1', branch: 'somebodys' };
    const step = { stepName: 's', status: 'open', attempt: 1, metadata };
    await cancel(migrator.app, [step]).expect(200, { closed: 0 });
    await cancel(migrator.app, [step], 'billing-api', 'other').expect(400);
    expect(migrator.forge.all().map(({ state }) => state)).toEqual(['open']);
  });

  test('a late cancel of a run attempt leaves the pull request of the next one open', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev');
    const first = await migrator.loom.event('open');
    migrator.loom.events.length = 0;
    await dispatch(migrator.app, 'disable-sync-prune-dev', 1, 2).expect(202);
    const { metadata } = await migrator.loom.event('open');
    const steps = [first, { metadata }].map((event) => ({
      ...{ stepName: 'disable-sync-prune-dev', status: 'open', attempt: 1 },
      metadata: event.metadata,
    }));
    await cancel(migrator.app, steps).expect(200, { closed: 1 });
    const states = migrator.forge.all().map(({ number, state }) => [String(number), state]);
    expect(states).toEqual([
      [first.metadata?.['prNumber'], 'closed'],
      [metadata?.['prNumber'], 'open'],
    ]);
    expect(migrator.repositories.branches(GITOPS)).toEqual([metadata?.['branch'], 'main']);
    await webhook(migrator.app, closed(2, true)).expect(202);
    await migrator.loom.event('merged');
  });

  test('a pull request that vanished needs no closing', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev');
    await migrator.loom.event('open');
    migrator.forge.vanish(GITOPS, 1);
    await cancel(migrator.app).expect(200, { closed: 1 });
    expect(migrator.repositories.branches(GITOPS)).toEqual(['main']);
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

  test('answers before Loom ceases to wait, and goes on closing', async () => {
    await dispatch(migrator.app, 'disable-sync-prune-dev');
    await migrator.loom.event('open');
    const close = migrator.forge.close.bind(migrator.forge);
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    migrator.forge.close = (repo, number) => released.then(() => close(repo, number));
    await cancel(migrator.app).expect(202, { status: 'closing' });
    release();
    await migrator.stop();
    expect(migrator.forge.all().map(({ state }) => state)).toEqual(['closed']);
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
