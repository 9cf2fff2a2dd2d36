import type { RunManifest } from '@loom/domain';
import type { ExecutionCatalog, ListedExecution } from '../execution-catalog';
import type { EngineUnderTest } from './execution-engine';

/** An engine with its catalog. */
export interface CatalogUnderTest extends EngineUnderTest {
  catalog: ExecutionCatalog;
}

/** Lists are made behind the executions' back: this long a test waits for them. */
const LIST_MS = 10_000;

/** What every ExecutionCatalog does. `make` is called once; each test uses run ids of its own. */
export function executionCatalogContract(name: string, make: () => Promise<CatalogUnderTest>): void {
  describe(`${name} as an ExecutionCatalog`, () => {
    let under: CatalogUnderTest;
    beforeAll(async () => {
      under = await make();
    });

    it('looks at the newest execution, and tells whose it is', async () => {
      const { catalog, engine, close } = under;
      const manifest = fresh(2);
      expect(await catalog.look(manifest.runId)).toBeUndefined();
      expect(await catalog.startedWith(manifest.runId)).toBeUndefined();
      await engine.start(manifest);
      const open = { ...(await engine.describe(manifest.runId)), status: 'open' };
      expect(await catalog.look(manifest.runId)).toMatchObject({ ...open, isForeign: false });
      expect(await catalog.look(manifest.runId, manifest.nonce)).toMatchObject({ isForeign: false });
      expect(await catalog.look(manifest.runId, 'of another')).toMatchObject({ isForeign: true });
      expect(await catalog.startedWith(manifest.runId)).toEqual(manifest);
      await close(manifest.runId);
      expect(await catalog.look(manifest.runId)).toMatchObject({ open: false, status: 'completed' });
      expect(await catalog.startedWith(manifest.runId)).toEqual(manifest);
    });

    it('lists open and ended executions, page by page', async () => {
      const { catalog, engine, close } = under;
      const [open, ended] = [fresh(), fresh(4)];
      for (const manifest of [open, ended]) await engine.start(manifest);
      await close(ended.runId);
      const ids = [open.runId, ended.runId, fresh().runId];
      await until(async () => {
        expect([...(await catalog.openAmong(ids))]).toEqual([open.runId]);
        expect(await listed(catalog, 'open', ids)).toEqual([{ runAttempt: 1, isOpen: true }]);
        expect(await listed(catalog, 'all', ids)).toEqual([
          { runAttempt: 1, isOpen: true },
          { runAttempt: 4, isOpen: false },
        ]);
      });
      expect([...(await catalog.openAmong([]))]).toEqual([]);
    });
  });
}

async function listed(catalog: ExecutionCatalog, only: 'open' | 'all', ids: string[]) {
  const found = new Map<string, Omit<ListedExecution, 'runId'>>();
  let cursor: string | undefined;
  do {
    const page = await catalog.list({ only, limit: 1, ...(cursor === undefined ? {} : { cursor }) });
    expect(page.executions.length).toBeLessThanOrEqual(1);
    for (const { runId, ...one } of page.executions) found.set(runId, one);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** Repeats what fails until it does not, or until the time has passed. */
async function until(expectation: () => Promise<void>): Promise<void> {
  const end = Date.now() + LIST_MS;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

let runs = 0;

function fresh(runAttempt = 1): RunManifest {
  runs += 1;
  const id = `l${runs}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  return {
    ...{ runId: `catalog__${id}`, migrationId: 'catalog', candidate: { id }, inputs: {} },
    ...{ steps: [{ name: 'one', migratorApp: 'app' }], runAttempt, nonce: 'nonce' },
    reservedAt: '2026-01-01T00:00:00.000Z',
  };
}
