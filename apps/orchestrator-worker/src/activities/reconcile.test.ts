import type { RunManifest } from '@loom/domain';
import { createMemoryStores, MemoryExecutionEngine, MemoryLogger } from '@loom/ports/memory';
import { createReconcileActivities } from './reconcile';

const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-01T00:01:00.000Z';
const DEFINITION = { id: 'm', name: '', description: '', migratorApp: 'a', migratorUrl: 'http://a' };

/** A reservation of candidate `c` that no workflow took up, a minute ago. */
async function strandedWorld() {
  const stores = createMemoryStores();
  const engine = new MemoryExecutionEngine();
  const logger = new MemoryLogger();
  const steps = [{ name: 'one', migratorApp: 'a' }];
  await stores.migrations.announce({ ...DEFINITION, steps }, AT);
  await stores.candidates.submit('m', [{ id: 'c' }], AT);
  const run = { runId: 'm__c', migrationId: 'm', candidate: { id: 'c' }, steps, inputs: {} };
  const manifest = { ...run, nonce: 'ours', reservedAt: AT };
  const candidateVersion = (await stores.reader.snapshot('m', 'c'))?.version ?? '';
  const from = 'not_started_or_queued';
  await stores.runs.reserve({ manifest, definitionRevision: 1, candidateVersion, from });
  const clock = { now: () => LATER };
  const activities = createReconcileActivities({ ...stores, engine, clock, logger });
  const reserved: RunManifest = { ...manifest, runAttempt: 1 };
  return { stores, engine, logger, activities, reserved };
}

describe('restartReservations', () => {
  it('starts what no workflow took up', async () => {
    const { activities, engine, stores, reserved } = await strandedWorld();
    expect(await activities.restartReservations()).toBe(1);
    expect(engine.manifest('m__c')).toEqual(reserved);
    // Once: a second tick finds its workflow.
    expect(await activities.restartReservations()).toBe(0);
    expect((await stores.audit.list({ action: 'restart', limit: 9 })).rows).toMatchObject([
      {
        actor: { id: 'reconciliation', role: 'system' },
        candidateId: 'c',
        runAttempt: 1,
        reason: expect.any(String) as string,
      },
    ]);
  });

  it('reports a reservation whose place in Temporal another execution holds, and does not count it', async () => {
    const { activities, engine, logger, reserved } = await strandedWorld();
    await engine.start({ ...reserved, nonce: 'of a store that is lost', runAttempt: 3 });
    expect(await activities.restartReservations()).toBe(0);
    expect(logger.lines).toMatchObject([
      { level: 'warn', fields: { runId: 'm__c', runAttempt: 1, openAttempt: 3 } },
    ]);
  });
});

describe('the list of migrations', () => {
  it('is mended by each tick', async () => {
    const { activities, stores, logger } = await strandedWorld();
    jest.spyOn(stores.repair, 'rederive').mockResolvedValue(2);
    await activities.restartReservations();
    expect(logger.lines).toContainEqual(
      expect.objectContaining({ level: 'info', fields: { migrations: 2 } }),
    );
  });

  it('that cannot be mended keeps no reservation from its start', async () => {
    const { activities, stores, logger } = await strandedWorld();
    jest.spyOn(stores.repair, 'rederive').mockRejectedValue(new Error('torn'));
    expect(await activities.restartReservations()).toBe(1);
    expect(logger.lines).toContainEqual(expect.objectContaining({ level: 'error' }));
  });
});
