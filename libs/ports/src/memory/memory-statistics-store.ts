import {
  dayName,
  dayNumber,
  daysUntil,
  durationsOf,
  noActivity,
  sumOf,
  type BurndownDay,
  type Counts,
  type DayActivity,
  type FleetTotals,
  type MigrationDurations,
  type StepFailure,
} from '@loom/domain';
import { decodeCursor, encodeCursor, type CursorScope } from '../cursor';
import type { StreamScope } from '../event-stream';
import type { Page, PageRequest } from '../page';
import { FAILURES_KEPT, type DaySpan, type StatisticsStore } from '../statistics-store';
import type { MemoryState } from './memory-state';
import type { MemoryTally, StepTally } from './memory-tally';

/** Statistics of one process. What spans migrations is made of all of them here. */
export class MemoryStatisticsStore implements StatisticsStore {
  constructor(private readonly state: MemoryState) {}

  async totals(): Promise<FleetTotals> {
    await Promise.resolve();
    const shown = [...this.state.migrations.values()].filter(({ archived }) => archived === undefined);
    const all = shown.map(({ counts }) => counts);
    const sum = (field: Exclude<keyof Counts, 'attentionByKind'>) =>
      all.reduce((total, counts) => total + counts[field], 0);
    const progress = all.map(progressOf);
    const number = (which: string) => progress.filter((one) => one === which).length;
    return {
      migrations: {
        total: all.length,
        notStarted: number('notStarted'),
        inProgress: number('inProgress'),
        completed: number('completed'),
      },
      candidates: {
        not_started: sum('not_started'),
        queued: sum('queued'),
        running: sum('running'),
        completed: sum('completed'),
        attention: sum('attention'),
      },
    };
  }

  async activity(scope: StreamScope, { until, days }: DaySpan): Promise<DayActivity[]> {
    await Promise.resolve();
    const tallies = this.talliesOf(scope);
    return daysUntil(dayNumber(until), days).map((day) => ({
      day: dayName(day),
      ...sumOf(tallies.map((tally) => tally.days.get(day) ?? noActivity())),
    }));
  }

  async burndown(migrationId: string, { until, days }: DaySpan): Promise<BurndownDay[]> {
    await Promise.resolve();
    const ends = [...(this.state.migrations.get(migrationId)?.tally.ends ?? [])].sort(([a], [b]) => b - a);
    return daysUntil(dayNumber(until), days).map((day) => {
      const last = ends.find(([end]) => end <= day)?.[1];
      return { day: dayName(day), total: last?.total ?? 0, completed: last?.completed ?? 0 };
    });
  }

  async durations(migrationId: string): Promise<MigrationDurations> {
    await Promise.resolve();
    const tally = this.state.migrations.get(migrationId)?.tally;
    if (tally === undefined) return { runs: { count: 0 }, steps: [] };
    const steps = [...tally.steps].map(([stepName, step]) => ({ stepName, ...statisticsOf(step) }));
    const others = statisticsOf(tally.others);
    const isEmpty = others.opened + others.durations.count === 0;
    return { runs: durationsOf(tally.runs), steps, ...(isEmpty ? {} : { others }) };
  }

  async failures(scope: StreamScope, { limit, cursor }: PageRequest): Promise<Page<StepFailure>> {
    await Promise.resolve();
    const list: CursorScope = { list: 'failures', of: { scope }, key: ['text'] };
    const after = decodeCursor(list, cursor)?.[0];
    const all = this.talliesOf(scope)
      .flatMap(({ failures }) => failures)
      .map(({ number, failure }) => ({ failure, ref: refOf(failure.migrationId, number) }))
      .sort((a, b) => Date.parse(b.failure.at) - Date.parse(a.failure.at) || (a.ref < b.ref ? 1 : -1))
      .slice(0, FAILURES_KEPT);
    const at = all.findIndex(({ ref }) => ref === after);
    // What the cursor named is no longer kept: nothing older is.
    const rest = after === undefined ? all : at < 0 ? [] : all.slice(at + 1);
    const rows = rest.slice(0, limit);
    const last = rows.at(-1);
    const failures = rows.map(({ failure }) => ({ ...failure }));
    return rest.length > limit && last !== undefined
      ? { rows: failures, nextCursor: encodeCursor(list, [last.ref]) }
      : { rows: failures };
  }

  private talliesOf(scope: StreamScope): MemoryTally[] {
    if (scope === 'all') return [...this.state.migrations.values()].map(({ tally }) => tally);
    const migration = this.state.migrations.get(scope.migrationId);
    return migration === undefined ? [] : [migration.tally];
  }
}

function progressOf({ total, completed, not_started }: Counts): keyof FleetTotals['migrations'] {
  if (total > 0 && completed === total) return 'completed';
  return not_started === total ? 'notStarted' : 'inProgress';
}

function refOf(migrationId: string, number: number): string {
  return `${migrationId} ${String(number).padStart(12, '0')}`;
}

function statisticsOf(step: StepTally) {
  const durations = durationsOf(step);
  const { opened, failed } = step;
  return { opened, passed: durations.count - failed, failed, durations };
}
