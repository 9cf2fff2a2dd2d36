import { MockActivityEnvironment } from '@temporalio/testing';
import { DependencyUnavailableError } from '@loom/domain';
import type { DispatchOutcome } from '@loom/ports';
import { createMemoryStores, MemoryLogger } from '@loom/ports/memory';
import { createCancelNoticeActivities } from './notify-cancelled';

const at = '2026-01-01T00:00:00.000Z';
const steps = ['one', 'two'].map((stepName) => ({ stepName, status: 'open' as const, attempt: 1 }));
const definitions = [
  { name: 'one', migratorApp: 'first' },
  { name: 'two', migratorApp: 'second' },
];

/** Two migrators; `answers` are those of the first, in order, the last one for ever. */
async function world(...answers: DispatchOutcome[]) {
  const stores = createMemoryStores();
  for (const app of ['first', 'second']) {
    const definition = { id: app, name: app, description: '', migratorApp: app, steps: [] };
    await stores.migrations.announce({ ...definition, migratorUrl: `http://${app}.test` }, at);
  }
  const asked: string[] = [];
  const cancelStep = ({ migratorUrl }: { migratorUrl: string }): Promise<DispatchOutcome> => {
    asked.push(migratorUrl);
    const accepted: DispatchOutcome = { outcome: 'accepted' };
    if (migratorUrl !== 'http://first.test') return Promise.resolve(accepted);
    return Promise.resolve((answers.length > 1 ? answers.shift() : answers[0]) ?? accepted);
  };
  const notifier = { dispatch: () => Promise.reject(new Error('not here')), cancelStep };
  const activities = createCancelNoticeActivities({
    ...stores,
    notifier,
    logger: new MemoryLogger(),
  });
  const run = {
    migrationId: 'first',
    candidateId: 'c',
    runAttempt: 1,
    runId: 'first__c',
    steps,
    definitions,
  };
  const notify = () =>
    new MockActivityEnvironment().run((what: typeof run) => activities.notifyCancelled(what), run);
  return { asked, notify, stores, awaitMigrators: () => activities.awaitMigrators(run) };
}

afterEach(() => jest.restoreAllMocks());

it('tells every migrator of the steps reached, and again only the one that was not ready', async () => {
  const { asked, notify } = await world({ outcome: 'retry', reason: 'busy' }, { outcome: 'accepted' });
  await notify();
  expect(asked.sort()).toEqual(['http://first.test', 'http://first.test', 'http://second.test']);
});

it('gives up when its time is over, and says why', async () => {
  const { asked, notify } = await world({ outcome: 'retry', reason: 'busy' });
  await expect(notify()).rejects.toThrow('busy');
  expect(asked.length).toBeGreaterThan(2);
});

describe('a store that cannot say where the migrators are', () => {
  const away = () => Promise.reject(new DependencyUnavailableError('store', 'away'));

  it('is told of, and waited for', async () => {
    const { asked, notify, stores, awaitMigrators } = await world();
    const get = jest.spyOn(stores.migrations, 'get').mockImplementation(away);
    expect(await notify()).toEqual({ isStoreAway: true });
    await expect(awaitMigrators()).rejects.toThrow(DependencyUnavailableError);
    get.mockImplementation(() => new Promise(() => undefined));
    expect(await notify()).toEqual({ isStoreAway: true });
    get.mockRestore();
    await awaitMigrators();
    expect(await notify()).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it('has perhaps lost them: an app is unknown only where it has not', async () => {
    const { asked, notify, stores, awaitMigrators } = await world();
    jest.spyOn(stores.migrations, 'migratorUrl').mockResolvedValue(undefined);
    await stores.recovery.distrust();
    expect(await notify()).toEqual({ isStoreAway: true });
    await expect(awaitMigrators()).rejects.toThrow('waits for its recovery');
    await stores.recovery.adopt('an-id', at);
    await expect(awaitMigrators()).rejects.toThrow('has not announced itself again');
    await stores.recovery.accept(10);
    await awaitMigrators();
    expect(await notify()).toBeUndefined();
    expect(asked).toEqual(['http://first.test']);
  });
});
