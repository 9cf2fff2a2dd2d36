import {
  ACTIVITY_FIELDS,
  dayName,
  dayNumber,
  daysUntil,
  durationsOf,
  noActivity,
  type Activity,
  type DayActivity,
  type FleetTotals,
  type Histogram,
  type StepFailure,
} from '@loom/domain';
import {
  decodeCursor,
  encodeCursor,
  type CursorScope,
  type DaySpan,
  type StatisticsStore,
  type StreamScope,
} from '@loom/ports';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { textAt, textsAt, type ScriptRunner } from './script-runner';

export interface StatisticsStoreDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
}

/** Reads of what lua/tally.lua, lua/facts.lua and lua/summaries.lua have counted. */
export function createRedisStatisticsStore({ redis, runner, keys }: StatisticsStoreDeps): StatisticsStore {
  const hash = (key: string) => guarded(redis, () => redis.hgetall(key));
  /** The newest first: a day that leaves them meanwhile is in the hash by then. */
  const newest = async (migrationId: string) => {
    const [key = ''] = keys.ofMigration(migrationId);
    const text = await guarded(redis, () => redis.hget(key, 'dy'));
    return new Map((text ?? '').split(';').map((day) => [day.split(':')[0] ?? '', day.split(':')[1] ?? '']));
  };
  const spanOf = async (scope: StreamScope, span: DaySpan) => {
    const days = daysUntil(dayNumber(span.until), span.days).map(String);
    const recent = scope === 'all' ? undefined : await newest(scope.migrationId);
    const key = scope === 'all' ? keys.allDays : keys.days(scope.migrationId);
    const texts = await guarded(redis, () => redis.hmget(key, ...days));
    return days.map((day, index) => ({ day, values: numbersIn(recent?.get(day) ?? texts[index]) }));
  };
  return {
    totals: async () => totalsIn(await hash(keys.allTotals)),

    activity: async (scope, span) => (await spanOf(scope, span)).map(activityOf),

    async burndown(migrationId, { until, days }) {
      const recent = await newest(migrationId);
      const ends = [...Object.entries(await hash(keys.days(migrationId))), ...recent]
        .map(([day, text]) => ({ day: Number(day), values: numbersIn(text) }))
        .filter(({ values }) => values.length > ACTIVITY_FIELDS.length)
        .sort((a, b) => b.day - a.day);
      return daysUntil(dayNumber(until), days).map((day) => {
        const [total = 0, completed = 0] =
          ends.find((end) => end.day <= day)?.values.slice(ACTIVITY_FIELDS.length) ?? [];
        return { day: dayName(day), total, completed };
      });
    },

    async durations(migrationId) {
      const names = Object.entries(await hash(keys.stepNames(migrationId)));
      const ordered = names.sort(([, a], [, b]) => Number(a) - Number(b));
      const of = (name: string) => hash(keys.durations(migrationId, name));
      const [runs, others, ...steps] = await Promise.all(
        ['runs', 'others', ...ordered.map(([, number]) => number)].map(of),
      );
      return {
        runs: durationsOf(histogramIn(runs)),
        steps: ordered.map(([name], index) => ({
          stepName: JSON.parse(name) as string,
          ...statisticsIn(steps[index]),
        })),
        ...(Object.keys(others ?? {}).length === 0 ? {} : { others: statisticsIn(others) }),
      };
    },

    async failures(scope, { limit, cursor }) {
      const list: CursorScope = { list: 'failures', of: { scope }, key: ['text'] };
      const after = String(decodeCursor(list, cursor)?.[0] ?? '');
      const prefix = scope === 'all' ? '' : `${scope.migrationId} `;
      const names = scope === 'all' ? keys.allFailures : keys.failures(scope.migrationId);
      const reply = await runner.onKeys('read-failures', names, [after.slice(prefix.length), limit]);
      const rows = textsAt(reply, 1).map((text) => JSON.parse(text) as StepFailure);
      const last = textAt(reply, 0);
      return last === '' ? { rows } : { rows, nextCursor: encodeCursor(list, [prefix + last]) };
    },
  };
}

function numbersIn(text: string | null | undefined): number[] {
  return text === undefined || text === null || text === '' ? [] : text.split(',').map(Number);
}

function activityOf({ day, values }: { day: string; values: readonly number[] }): DayActivity {
  const activity: Activity = noActivity();
  for (const [index, field] of ACTIVITY_FIELDS.entries()) activity[field] = values[index] ?? 0;
  return { day: dayName(Number(day)), ...activity };
}

function totalsIn(hash: Record<string, string>): FleetTotals {
  const number = (field: string) => Number(hash[field] ?? 0);
  const [notStarted, inProgress, completed] = [number('m:new'), number('m:in_progress'), number('m:done')];
  return {
    migrations: { total: notStarted + inProgress + completed, notStarted, inProgress, completed },
    candidates: {
      not_started: number('not_started'),
      queued: number('queued'),
      running: number('running'),
      completed: number('completed'),
      attention: number('attention'),
    },
  };
}

/** Fields are buckets, `ms` their exact sum; `o` and `f` how many of a step opened and failed. */
function histogramIn(hash: Record<string, string> = {}): Histogram {
  const buckets = Object.entries(hash).filter(([field]) => /^\d+$/.test(field));
  const numbers = buckets.map(([bucket, n]) => [Number(bucket), Number(n)] as const);
  return { sum: Number(hash['ms'] ?? 0), buckets: new Map(numbers) };
}

function statisticsIn(hash: Record<string, string> = {}) {
  const durations = durationsOf(histogramIn(hash));
  const failed = Number(hash['f'] ?? 0);
  return { opened: Number(hash['o'] ?? 0), passed: durations.count - failed, failed, durations };
}
