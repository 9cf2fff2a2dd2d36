import { dayAt, MINUTE, NOTHING, StatisticsFleet } from './statistics-fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** What a StatisticsStore tells of days. */
export function describeStatisticsDays(make: MakeStores): void {
  describe('days', () => {
    const stores = useStores(make);

    it('tell what happened on each, zeros included, of one migration and of all', async () => {
      const one = await new StatisticsFleet(stores, 'one').with('a', 'b', 'c');
      const two = await new StatisticsFleet(stores, 'two').with('a');
      for (const id of ['a', 'b', 'c']) await one.start(id, dayAt(1));
      await one.complete('a', 1, dayAt(3, 90 * MINUTE));
      await one.settle('b', dayAt(3));
      await two.start('a', dayAt(3));
      const days = [
        { day: '2026-03-01', ...NOTHING, started: 3 },
        { day: '2026-03-02', ...NOTHING },
        {
          day: '2026-03-03',
          ...NOTHING,
          completed: 1,
          cancelled: 1,
          runMs: 2 * 24 * 60 * MINUTE + 90 * MINUTE,
        },
      ];
      const span = { until: dayAt(3), days: 3 };
      expect(await stores.statistics.activity({ migrationId: 'one' }, span)).toEqual(days);
      const [first, second, third] = days;
      expect(await stores.statistics.activity('all', span)).toEqual([
        first,
        second,
        { ...third, started: 1 },
      ]);
      expect(await stores.statistics.activity('all', { until: dayAt(9), days: 1 })).toEqual([
        { day: '2026-03-09', ...NOTHING },
      ]);
    });

    it('count no start that was given back, nor a repeat of what ended', async () => {
      const fleet = await new StatisticsFleet(stores).with('a', 'b');
      const manifest = await fleet.start('a', dayAt(1));
      await stores.runs.giveBack(manifest, dayAt(2));
      await stores.runs.giveBack(manifest, dayAt(2));
      await fleet.start('b', dayAt(2));
      for (let i = 0; i < 3; i += 1) await fleet.complete('b', 1, dayAt(2));
      await fleet.start('a', dayAt(2));
      for (let i = 0; i < 3; i += 1) await fleet.settle('a', dayAt(2), 2);
      for (const scope of ['all', { migrationId: 'move' }] as const) {
        expect(await stores.statistics.activity(scope, { until: dayAt(2), days: 2 })).toEqual([
          { day: '2026-03-01', ...NOTHING },
          { day: '2026-03-02', ...NOTHING, started: 2, completed: 1, cancelled: 1 },
        ]);
      }
    });

    it('count a run that is restored where it started, once', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      const { manifest } = await fleet.fleet.draft('a', { reservedAt: dayAt(1) });
      const view = fleet.fleet.view('a', 3, {}, { at: dayAt(2), runAttempt: 4 });
      const restored = { manifest: { ...manifest, runAttempt: 4 }, executionId: 'x', view };
      for (let i = 0; i < 2; i += 1) await stores.census.restore(restored);
      expect(await stores.statistics.activity('all', { until: dayAt(2), days: 2 })).toEqual([
        { day: '2026-03-01', ...NOTHING, started: 1 },
        { day: '2026-03-02', ...NOTHING },
      ]);
    });

    it('burn down: a day without a change is as the one before it', async () => {
      const fleet = await new StatisticsFleet(stores).with();
      await stores.candidates.submit('move', [{ id: 'a' }, { id: 'b' }], dayAt(2));
      await fleet.start('a', dayAt(2));
      await fleet.complete('a', 1, dayAt(4));
      await stores.candidates.submit('move', [{ id: 'c' }], dayAt(5));
      const selection = { ids: ['b', 'c'] };
      const request = { selection, at: dayAt(7), preview: false, allowEmpty: false, most: 9 };
      await stores.candidates.prune('move', request);
      const days = [
        { day: '2026-03-01', total: 0, completed: 0 },
        { day: '2026-03-02', total: 2, completed: 0 },
        { day: '2026-03-03', total: 2, completed: 0 },
        { day: '2026-03-04', total: 2, completed: 1 },
        { day: '2026-03-05', total: 3, completed: 1 },
        { day: '2026-03-06', total: 3, completed: 1 },
        { day: '2026-03-07', total: 1, completed: 1 },
      ];
      expect(await stores.statistics.burndown('move', { until: dayAt(7), days: 7 })).toEqual(days);
      expect(await stores.statistics.burndown('move', { until: dayAt(6), days: 2 })).toEqual(
        days.slice(4, 6),
      );
    });

    it('are kept for 400 days, and the last state for as long as nothing changes', async () => {
      const fleet = await new StatisticsFleet(stores).with();
      await stores.candidates.submit('move', [{ id: 'a' }, { id: 'b' }, { id: 'c' }], dayAt(1));
      await fleet.start('a', dayAt(1));
      await fleet.start('b', dayAt(400));
      const activity = (day: number) => stores.statistics.activity('all', { until: dayAt(day), days: 1 });
      expect(await activity(1)).toMatchObject([{ started: 1 }]);
      await fleet.start('c', dayAt(401));
      await fleet.complete('c', 1, dayAt(402));
      expect(await activity(1)).toMatchObject([{ started: 0 }]);
      expect(await activity(400)).toMatchObject([{ started: 1 }]);
      const burndown = await stores.statistics.burndown('move', { until: dayAt(402), days: 365 });
      expect(burndown.slice(-4).map(({ completed }) => completed)).toEqual([0, 0, 0, 1]);
      expect(burndown.at(-3)).toMatchObject({ total: 3 });
    });

    it('are empty of what is unknown', async () => {
      const scope = { migrationId: 'nothing' };
      const span = { until: dayAt(1), days: 1 };
      const { statistics } = stores;
      expect(await statistics.activity(scope, span)).toEqual([{ day: '2026-03-01', ...NOTHING }]);
      expect(await statistics.burndown('nothing', span)).toMatchObject([{ total: 0 }]);
      expect(await statistics.durations('nothing')).toEqual({ runs: { count: 0 }, steps: [] });
      expect(await statistics.failures(scope, { limit: 9 })).toEqual({ rows: [] });
    });
  });
}
