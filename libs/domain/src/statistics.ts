import { cutToJsonBytes } from './json-bytes';

/** What statistics count of a step attempt, each at most once: that it asked for a merge or the like, and how it ended. */
export const STEP_FACT_KINDS = ['opened', 'passed', 'failed'] as const;
export type StepFactKind = (typeof STEP_FACT_KINDS)[number];

/** Something that happened once to a step attempt. Times are ISO 8601 in UTC. */
export interface StepFact {
  /** Number of the first view of the run that shows it: a store that has this view has counted the fact. */
  seq: number;
  stepName: string;
  /** Step attempt, 1-based. */
  attempt: number;
  kind: StepFactKind;
  /** First dispatch of the step attempt. */
  startedAt: string;
  at: string;
  /** Of a failure. */
  reason?: string;
}

/**
 * So many facts travel with a view, the newest ones. More cannot be new to the store: a step attempt opens or ends
 * because its migrator was asked, and that happens only after the store has the view before.
 */
export const FACTS_KEPT = 16;
/** Of a reason, in bytes of JSON; the step itself keeps more. */
export const FACT_REASON_BYTES = 512;

/** The newest facts, with one more. */
export function withFact(facts: readonly StepFact[], fact: StepFact): StepFact[] {
  const { reason } = fact;
  const kept = reason === undefined ? fact : { ...fact, reason: cutToJsonBytes(reason, FACT_REASON_BYTES) };
  return [...facts, kept].slice(-FACTS_KEPT);
}

/** What happened in some time. A run counts where it started and where it ended. */
export interface Activity {
  /** Runs that started; a reservation that was given back did not. */
  started: number;
  completed: number;
  /** Runs that were cancelled after they had started. */
  cancelled: number;
  /** Step attempts that reported `open`: pull requests that were raised, and the like. */
  opened: number;
  /** Step attempts that ended well. */
  passed: number;
  /** Step attempts that failed. */
  failed: number;
  /** How long the completed runs took from their start, all together, in ms. */
  runMs: number;
}

/** Names of what is counted, in the order in which stores keep it. */
export const ACTIVITY_FIELDS = [
  'started',
  'completed',
  'cancelled',
  'opened',
  'passed',
  'failed',
  'runMs',
] as const satisfies readonly (keyof Activity)[];

/** One day in UTC, as `YYYY-MM-DD`. */
export interface DayActivity extends Activity {
  day: string;
}

/** How far a migration was at the end of a day; of today: now. */
export interface BurndownDay {
  day: string;
  total: number;
  completed: number;
}

/** Durations in ms; absent while none was measured. `p50` and `p95` are within 5 % of the true ones. */
export interface Durations {
  count: number;
  mean?: number;
  p50?: number;
  p95?: number;
}

/** What is known of all attempts of one step, in all runs of a migration. */
export interface StepStatistics {
  stepName: string;
  opened: number;
  passed: number;
  failed: number;
  /** Of the attempts that ended, however they did, from their first dispatch on. */
  durations: Durations;
}

/** How long things take in a migration. */
export interface MigrationDurations {
  /** Of completed runs, from their start on. */
  runs: Durations;
  /** In the order in which the names were first seen. */
  steps: StepStatistics[];
  /** All steps together whose names came when too many different ones were known. */
  others?: Omit<StepStatistics, 'stepName'>;
}

/** One step attempt that failed. */
export interface StepFailure {
  migrationId: string;
  candidateId: string;
  runAttempt: number;
  stepName: string;
  attempt: number;
  at: string;
  reason?: string;
}

/** Where all migrations stand together. */
export interface FleetTotals {
  migrations: { total: number; notStarted: number; inProgress: number; completed: number };
  candidates: { not_started: number; queued: number; running: number; completed: number; attention: number };
}

export function noActivity(): Activity {
  return { started: 0, completed: 0, cancelled: 0, opened: 0, passed: 0, failed: 0, runMs: 0 };
}

/** All of it together. */
export function sumOf(days: readonly Activity[]): Activity {
  const sum = noActivity();
  for (const day of days) for (const field of ACTIVITY_FIELDS) sum[field] += day[field];
  return sum;
}
