import type { StepFact } from '@loom/domain';
import { FAILURES_KEPT } from '../statistics-store';
import { rejectionOf } from './fleet';
import { dayAt, fact, MINUTE, StatisticsFleet } from './statistics-fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** How a StatisticsStore lists failed step attempts. */
export function describeStatisticsFailures(make: MakeStores): void {
  describe('failures', () => {
    const stores = useStores(make);
    const namesOf = async (scope: 'all' | { migrationId: string }, limit: number) => {
      const names: string[] = [];
      for (let cursor: string | undefined, more = true; more;) {
        const page = await stores.statistics.failures(scope, {
          limit,
          ...(cursor === undefined ? {} : { cursor }),
        });
        names.push(...page.rows.map(({ stepName }) => stepName));
        cursor = page.nextCursor;
        more = cursor !== undefined;
      }
      return names;
    };

    it('are listed newest first, in pages, of one migration and of all', async () => {
      const one = await new StatisticsFleet(stores, 'one').with('a');
      const two = await new StatisticsFleet(stores, 'two').with('b');
      await one.start('a', dayAt(1));
      await two.start('b', dayAt(1));
      const failed = (seq: number, name: string, over: Partial<StepFact> = {}) =>
        fact(seq, 'failed', name, { ms: seq * MINUTE, reason: `${name} "\ud800 ✓`, ...over });
      await one.project('a', 1, [failed(1, 'x1')], dayAt(1));
      await two.project('b', 2, [failed(2, 'x2'), failed(2, 'x3')], dayAt(1));
      await one.project('a', 5, [failed(1, 'x1'), failed(4, 'x4', { attempt: 3 })], dayAt(1));
      expect(await namesOf('all', 1)).toEqual(['x4', 'x3', 'x2', 'x1']);
      expect(await namesOf('all', 2)).toEqual(['x4', 'x3', 'x2', 'x1']);
      expect(await namesOf({ migrationId: 'two' }, 1)).toEqual(['x3', 'x2']);
      const { rows } = await stores.statistics.failures({ migrationId: 'one' }, { limit: 1 });
      const reason = 'x4 "\ud800 ✓';
      const where = { migrationId: 'one', candidateId: 'a', runAttempt: 1, stepName: 'x4', attempt: 3 };
      expect(rows).toEqual([{ ...where, at: dayAt(1, 4 * MINUTE), reason }]);
    });

    it(`are kept up to ${FAILURES_KEPT}`, async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      const facts = Array.from({ length: FAILURES_KEPT + 7 }, (_, i) => fact(1, 'failed', 'x', { ms: i }));
      await fleet.project('a', 1, facts, dayAt(1));
      for (const scope of ['all', { migrationId: 'move' }] as const) {
        const { rows } = await stores.statistics.failures(scope, { limit: 2000 });
        expect(rows).toHaveLength(FAILURES_KEPT);
        expect(rows.at(-1)?.at).toBe(dayAt(1, 7));
      }
      expect(await stores.statistics.activity('all', { until: dayAt(1), days: 1 })).toMatchObject([
        { failed: FAILURES_KEPT + 7 },
      ]);
    });

    it('end where a cursor names what is no longer kept, and refuse a cursor of another list', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      await fleet.project('a', 1, [fact(1, 'failed', 'x'), fact(1, 'failed', 'y')], dayAt(1));
      const { nextCursor = '' } = await stores.statistics.failures('all', { limit: 1 });
      const later = Array.from({ length: FAILURES_KEPT }, (_, i) => fact(2, 'failed', 'z', { ms: 9 + i }));
      await fleet.project('a', 2, later, dayAt(1));
      expect(await stores.statistics.failures('all', { limit: 1, cursor: nextCursor })).toEqual({ rows: [] });
      const other = stores.statistics.failures({ migrationId: 'move' }, { limit: 1, cursor: nextCursor });
      expect(await rejectionOf(other)).toMatchObject({ code: 'invalid_request' });
    });
  });
}
