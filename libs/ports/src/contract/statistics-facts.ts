import { STEP_NAMES_KEPT } from '../statistics-store';
import { dayAt, fact, MINUTE, NOTHING, StatisticsFleet } from './statistics-fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** How a StatisticsStore counts what happened to step attempts. */
export function describeStatisticsFacts(make: MakeStores): void {
  describe('facts of step attempts', () => {
    const stores = useStores(make);

    it('count once, also those of views that the store never saw', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      const facts = [
        fact(2, 'opened', 'first'),
        fact(3, 'failed', 'first', { ms: 10 * MINUTE }),
        fact(5, 'passed', 'first', { ms: 20 * MINUTE, attempt: 2 }),
        fact(6, 'failed', 'second \t\n"ü"', { ms: MINUTE, reason: 'no' }),
      ];
      await fleet.project('a', 5, facts.slice(0, 3), dayAt(1));
      await fleet.project('a', 5, facts.slice(0, 3), dayAt(1));
      await fleet.project('a', 3, facts.slice(0, 2), dayAt(1));
      await fleet.project('a', 6, facts, dayAt(2));
      await fleet.settle('a', dayAt(2), 1, [...facts, fact(7, 'opened', 'second \t\n"ü"')]);
      await fleet.settle('a', dayAt(2), 1, [...facts, fact(8, 'failed', 'first')]);
      expect(await stores.statistics.activity('all', { until: dayAt(2), days: 2 })).toEqual([
        { day: '2026-03-01', ...NOTHING, started: 1, opened: 1, passed: 1, failed: 1 },
        { day: '2026-03-02', ...NOTHING, opened: 1, failed: 1, cancelled: 1 },
      ]);
      const { steps } = await stores.statistics.durations('move');
      expect(steps).toMatchObject([
        {
          stepName: 'first',
          opened: 1,
          passed: 1,
          failed: 1,
          durations: { count: 2, mean: 15 * MINUTE },
        },
        { stepName: 'second \t\n"ü"', opened: 1, passed: 0, failed: 1, durations: { count: 1 } },
      ]);
      const { p50 = 0, p95 = 0 } = steps[0]?.durations ?? {};
      expect(Math.abs(p50 / (10 * MINUTE) - 1)).toBeLessThan(0.05);
      expect(Math.abs(p95 / (20 * MINUTE) - 1)).toBeLessThan(0.05);
    });

    it('count with the end of a run, which is measured whole', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      const facts = [fact(1, 'passed', 'first', { ms: 5 })];
      for (let i = 0; i < 2; i += 1) await fleet.complete('a', 1, dayAt(1, 40 * MINUTE), facts);
      const { runs, steps } = await stores.statistics.durations('move');
      expect(runs).toMatchObject({ count: 1, mean: 40 * MINUTE });
      expect(steps).toMatchObject([{ stepName: 'first', passed: 1, durations: { count: 1, mean: 5 } }]);
    });

    it('are told apart by name up to a limit, and counted together beyond it', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      const facts = Array.from({ length: STEP_NAMES_KEPT + 2 }, (_, i) => fact(1, 'passed', `s${i}`));
      await fleet.project('a', 1, facts, dayAt(1));
      await fleet.project('a', 2, [fact(2, 'failed', 's0'), fact(2, 'failed', 'new')], dayAt(1));
      const { steps, others } = await stores.statistics.durations('move');
      expect(steps).toHaveLength(STEP_NAMES_KEPT);
      expect(steps[0]).toMatchObject({ stepName: 's0', passed: 1, failed: 1 });
      expect(steps.at(-1)).toMatchObject({ stepName: `s${STEP_NAMES_KEPT - 1}`, passed: 1 });
      expect(others).toMatchObject({ passed: 2, failed: 1, durations: { count: 3 } });
    });
  });
}
