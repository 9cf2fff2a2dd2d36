import type { RunProgress } from '@loom/domain';
import type { ExecutionCatalog, ExecutionLook } from '@loom/ports';
import { createMemoryStores, MemoryExecutionEngine, MemoryLogger } from '@loom/ports/memory';
import { rebuild } from './rebuild-run';

const AT = '2026-01-01T00:00:00.000Z';
const STEP = { name: 'one', migratorApp: 'a' };
const LOST = { migrationId: 'm', candidateId: 'c' };
const COMPLETED: ExecutionLook = {
  ...{ runAttempt: 1, executionId: 'e', open: false, status: 'completed', startedAt: AT, isForeign: false },
};
const PROGRESS: RunProgress = {
  ...{ runAttempt: 1, seq: 9, phase: 'finished', currentStep: 0, end: 'completed' },
  steps: [{ stepName: 'one', status: 'completed', attempt: 1 }],
};

/** A store that has lost run m__c, which had completed; \`ask\` is how its workflow answers. */
async function lostWorld(ask: () => Promise<RunProgress>) {
  const stores = createMemoryStores();
  const engine = new MemoryExecutionEngine();
  jest.spyOn(engine, 'progress').mockImplementation(ask);
  await stores.migrations.announce(
    { id: 'm', name: '', description: '', migratorApp: 'a', migratorUrl: 'http://a', steps: [STEP] },
    AT,
  );
  await stores.candidates.submit('m', [{ id: 'c' }], AT);
  const manifest = {
    ...{ runId: 'm__c', migrationId: 'm', candidate: { id: 'c' }, steps: [STEP], inputs: {} },
    ...{ nonce: 'n', reservedAt: AT, runAttempt: 1 },
  };
  const catalog: ExecutionCatalog = {
    list: () => Promise.resolve({ executions: [] }),
    openAmong: () => Promise.resolve(new Set()),
    look: () => Promise.resolve(COMPLETED),
    startedWith: () => Promise.resolve(manifest),
  };
  const deps = { ...stores, engine, catalog, clock: { now: () => AT }, logger: new MemoryLogger() };
  return { deps, status: async () => (await stores.candidates.get('m', 'c'))?.status };
}

it('a lost run is completed if its workflow says so', async () => {
  const { deps, status } = await lostWorld(() => Promise.resolve(PROGRESS));
  expect(await rebuild(deps, LOST)).toMatchObject({ did: 'completed' });
  expect(await status()).toBe('completed');
});

it('a lost run whose workflow cannot be asked how it ended waits, and is not taken for cancelled', async () => {
  let asked = 0;
  const { deps, status } = await lostWorld(() => {
    asked += 1;
    return asked === 2 ? Promise.resolve(PROGRESS) : Promise.reject(new Error('too busy'));
  });
  expect(await rebuild(deps, LOST)).toMatchObject({ did: 'reported' });
  expect(await rebuild(deps, LOST)).toMatchObject({ did: 'completed' });
  expect(await status()).toBe('completed');
});
