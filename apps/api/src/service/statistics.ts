import {
  dayNumber,
  sumOf,
  type Activity,
  type BurndownDay,
  type DayActivity,
  type FleetTotals,
  type Migration,
  type MigrationDurations,
  type StepFailure,
  type StepStatistics,
} from '@loom/domain';
import type { Page, PageRequest, StreamScope } from '@loom/ports';
import type { ServiceDeps } from './deps';
import { migrationOf } from './lookup';

/** Where everything stands, and what happened lately; all days are UTC, and today is one of the 7 and of the 30. */
export interface StatisticsOverview {
  totals: FleetTotals;
  today: Activity;
  last7Days: Activity;
  last30Days: Activity;
}

/** `inDefinition`: whether the step is one of the migration's own, as it is announced now. */
export type ListedStep = StepStatistics & { inDefinition: boolean };

type StatisticsDeps = Pick<ServiceDeps, 'migrations' | 'statistics' | 'clock'>;

/** Reads of what was counted when it happened. Those of one migration throw MigrationNotFoundError. */
export function createStatistics(deps: StatisticsDeps) {
  const { statistics, clock } = deps;
  const scopeOf = async (migrationId: string | undefined): Promise<StreamScope> => {
    if (migrationId === undefined) return 'all';
    await migrationOf(deps, migrationId);
    return { migrationId };
  };
  return {
    async statisticsOverview(): Promise<StatisticsOverview> {
      const [totals, days] = await Promise.all([
        statistics.totals(),
        statistics.activity('all', { until: clock.now(), days: 30 }),
      ]);
      return {
        totals,
        today: sumOf(days.slice(-1)),
        last7Days: sumOf(days.slice(-7)),
        last30Days: sumOf(days),
      };
    },

    async timeline(days: number, migrationId: string | undefined): Promise<DayActivity[]> {
      return await statistics.activity(await scopeOf(migrationId), { until: clock.now(), days });
    },

    async failures(page: PageRequest, migrationId: string | undefined): Promise<Page<StepFailure>> {
      return await statistics.failures(await scopeOf(migrationId), page);
    },

    async migrationStatistics(
      migrationId: string,
    ): Promise<Omit<MigrationDurations, 'steps'> & { steps: ListedStep[] }> {
      const migration = await migrationOf(deps, migrationId);
      const durations = await statistics.durations(migrationId);
      return { ...durations, steps: inOrder(migration, durations.steps) };
    },

    /** Of today as the counts say it now: nothing may have changed since they were first kept by day. */
    async burndown(migrationId: string, days: number): Promise<BurndownDay[]> {
      const { counts } = await migrationOf(deps, migrationId);
      const now = clock.now();
      const list = await statistics.burndown(migrationId, { until: now, days });
      const { total, completed } = counts;
      return list.map((day) => (dayNumber(day.day) === dayNumber(now) ? { ...day, total, completed } : day));
    },
  };
}

/** The definition's steps in its order, also those of which nothing ended yet; then the others. */
function inOrder({ steps }: Migration, counted: readonly StepStatistics[]): ListedStep[] {
  const known = new Map(counted.map((step) => [step.stepName, step]));
  const own = new Set(steps.map(({ name }) => name));
  return [
    ...steps.map(({ name }) => ({ ...(known.get(name) ?? nothing(name)), inDefinition: true })),
    ...counted.filter(({ stepName }) => !own.has(stepName)).map((step) => ({ ...step, inDefinition: false })),
  ];
}

function nothing(stepName: string): StepStatistics {
  return { stepName, opened: 0, passed: 0, failed: 0, durations: { count: 0 } };
}
