import fc from 'fast-check';
import { createMemoryStores } from '../memory/memory-stores';
import type { Stores } from '../stores';
import { MIGRATION } from './fleet';
import { auditOf, compare, eventsOf, statisticsOf } from './model-compare';
import { OPERATIONS, sequence, type Act, type Operation } from './model-operations';
import type { MakeStores } from './stores-under-test';

/** The same sequences on every machine, unless LOOM_SEED and LOOM_SEQUENCES ask for others, and more. */
const SEED = Number(process.env['LOOM_SEED'] ?? 1);
const SEQUENCES = Number(process.env['LOOM_SEQUENCES'] ?? 15);
/** A bound of what hangs; 15 sequences take some ten seconds on an idle machine. */
const LIMIT_MS = 10_000 * Math.max(30, SEQUENCES);

/** Random sequences of every operation against the memory model; every index is compared after every operation. */
export function describeStoreModel(name: string, make: MakeStores): void {
  describe(`${name} against the memory model`, () => {
    it(
      'answers and holds the same after every operation, and its counts, indexes and lists agree',
      async () => {
        const property = fc.asyncProperty(sequence, async (operations) => {
          const model = createMemoryStores();
          const { cleanup, ...stores } = await make();
          try {
            await compareAll(model, stores, operations);
          } finally {
            await cleanup();
          }
        });
        await fc.assert(property, { seed: SEED, numRuns: SEQUENCES, endOnFailure: true });
      },
      LIMIT_MS,
    );
  });
}

async function compareAll(model: Stores, stores: Stores, operations: Operation[]): Promise<void> {
  const first: Operation[] = [{ name: 'announce', id: 'a', n: 0 }, ...operations];
  for (const [index, op] of first.entries()) {
    const act: Act = OPERATIONS[op.name];
    const wanted = await act(model, op, index + 1);
    const got = await act(stores, op, index + 1);
    expect([op, got]).toEqual([op, wanted]);
    await compare(model, stores);
  }
  const attempts = (from: Stores) => from.reader.cancelledAttempts(MIGRATION, { limit: 100 });
  expect(await attempts(stores)).toEqual(await attempts(model));
  expect(await eventsOf(stores)).toEqual(await eventsOf(model));
  expect(await auditOf(stores)).toEqual(await auditOf(model));
  expect(await statisticsOf(stores)).toEqual(await statisticsOf(model));
}
