import { startMemoryMigrator } from './testing/memory-migrator';
import { dispatch } from './testing/requests';

test('asked to stop in the midst of a discovery, it executes nothing more: the next process does', async () => {
  const migrator = startMemoryMigrator();
  let discovered: () => void = () => undefined;
  const discovering = new Promise<void>((begun) => {
    migrator.loom.announce = () => {
      begun();
      return new Promise((resolve) => (discovered = () => resolve({ status: 200 })));
    };
  });
  migrator.discoverFromNowOn();
  await discovering;
  const stopped = migrator.stop();
  await dispatch(migrator.app, 'disable-sync-prune-dev').expect(202);
  discovered();
  await stopped;
  expect(migrator.forge.all()).toEqual([]);
  const next = startMemoryMigrator({ store: migrator.store, outbox: migrator.outbox });
  await next.loom.event('open');
  await next.stop();
});
