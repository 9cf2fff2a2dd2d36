import { describeStatisticsDays } from './statistics-days';
import { describeStatisticsFacts } from './statistics-facts';
import { describeStatisticsFailures } from './statistics-failures';
import { describeStatisticsProperty } from './statistics-property';
import { Fleet } from './fleet';
import { dayAt, StatisticsFleet } from './statistics-fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** What every StatisticsStore does. */
export function describeStatisticsStore(name: string, make: MakeStores): void {
  describe(`${name} as a StatisticsStore`, () => {
    describeStatisticsDays(make);
    describeStatisticsFacts(make);
    describeStatisticsFailures(make);
    describeTotals(make);
    describeStatisticsProperty(make);
  });
}

function describeTotals(make: MakeStores): void {
  describe('totals', () => {
    const stores = useStores(make);

    it('follow every change of every migration', async () => {
      expect(await stores.statistics.totals()).toEqual({
        migrations: { total: 0, notStarted: 0, inProgress: 0, completed: 0 },
        candidates: { not_started: 0, queued: 0, running: 0, completed: 0, attention: 0 },
      });
      const done = await new StatisticsFleet(stores, 'done').with('a');
      const half = await new StatisticsFleet(stores, 'half').with('a', 'b', 'c', 'd');
      await new Fleet(stores, 'empty').with();
      await new Fleet(stores, 'new').with('a');
      await done.start('a', dayAt(1));
      await done.complete('a', 1, dayAt(1));
      for (const id of ['a', 'b']) await half.start(id, dayAt(1));
      await half.complete('a', 1, dayAt(1));
      await half.fleet.project('b', 1, { status: 'failed' });
      await half.fleet.queue('c');
      const totals = {
        migrations: { total: 4, notStarted: 2, inProgress: 1, completed: 1 },
        candidates: { not_started: 2, queued: 1, running: 1, completed: 2, attention: 1 },
      };
      expect(await stores.statistics.totals()).toEqual(totals);
      await stores.repair.rederive();
      expect(await stores.statistics.totals()).toEqual(totals);
    });
  });
}
