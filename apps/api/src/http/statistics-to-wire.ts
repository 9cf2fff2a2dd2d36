import type * as wire from '@loom/api-types';
import { runId, type Activity, type BurndownDay, type Durations, type StepFailure } from '@loom/domain';
import type { createStatistics, ListedStep, StatisticsOverview } from '../service/statistics';

type MigrationStatistics = Awaited<ReturnType<ReturnType<typeof createStatistics>['migrationStatistics']>>;

export function overviewToWire(overview: StatisticsOverview): wire.StatisticsOverview {
  const { totals, today, last7Days, last30Days } = overview;
  const { not_started, queued, running, completed, attention } = totals.candidates;
  const total = not_started + queued + running + completed;
  return {
    migrations: { ...totals.migrations },
    candidates: { not_started, queued, running, completed, total, attention },
    today: activityToWire(today),
    last7Days: activityToWire(last7Days),
    last30Days: activityToWire(last30Days),
  };
}

/** Seconds and shares instead of sums. */
export function activityToWire(activity: Activity): wire.Activity {
  const { started, completed, cancelled, opened, passed, failed, runMs } = activity;
  return {
    started,
    completed,
    cancelled,
    opened,
    passed,
    failed,
    ...failureRate(passed, failed),
    ...(completed === 0 ? {} : { meanRunSeconds: seconds(runMs / completed) }),
  };
}

export function migrationStatisticsToWire(
  migrationId: string,
  { runs, steps, others }: MigrationStatistics,
): wire.MigrationStatistics {
  return {
    migrationId,
    runs: { count: runs.count, ...durationsToWire(runs) },
    steps: steps.map((step) => ({
      stepName: step.stepName,
      inDefinition: step.inDefinition,
      ...stepToWire(step),
    })),
    ...(others === undefined ? {} : { otherSteps: stepToWire(others) }),
  };
}

function stepToWire({ opened, passed, failed, durations }: Omit<ListedStep, 'stepName' | 'inDefinition'>) {
  const attempts = passed + failed;
  const rate = failureRate(passed, failed);
  return { attempts, opened, passed, failed, ...rate, ...durationsToWire(durations) };
}

function durationsToWire({ mean, p50, p95 }: Durations) {
  return {
    ...(mean === undefined ? {} : { meanSeconds: seconds(mean) }),
    ...(p50 === undefined ? {} : { p50Seconds: seconds(p50) }),
    ...(p95 === undefined ? {} : { p95Seconds: seconds(p95) }),
  };
}

export function failureToWire(failure: StepFailure): wire.StepFailure {
  const { migrationId, candidateId, runAttempt, stepName, attempt, at, reason } = failure;
  return {
    runId: runId(migrationId, candidateId),
    migrationId,
    candidateId,
    runAttempt,
    stepName,
    attempt,
    at,
    ...(reason === undefined ? {} : { reason }),
  };
}

export function burndownToWire({ day, total, completed }: BurndownDay): wire.BurndownDay {
  return { day, total, completed, remaining: total - completed };
}

function failureRate(passed: number, failed: number): { failureRate?: number } {
  return passed + failed === 0 ? {} : { failureRate: failed / (passed + failed) };
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
