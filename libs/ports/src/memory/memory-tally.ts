import {
  bucketOf,
  dayNumber,
  DAYS_KEPT,
  noActivity,
  type Activity,
  type Counts,
  type Histogram,
  type StepFact,
  type StepFailure,
} from '@loom/domain';
import type { RunAddress } from '../run-ledger';
import { STEP_NAMES_KEPT } from '../statistics-store';

/** Durations, and what else is counted of a step. */
export interface StepTally extends Histogram {
  buckets: Map<number, number>;
  opened: number;
  failed: number;
}

export interface KeptFailure {
  /** Number within its migration. */
  number: number;
  failure: StepFailure;
}

/** What is counted of one migration. */
export class MemoryTally {
  readonly days = new Map<number, Activity>();
  /** Counts at the end of the days on which they changed. */
  readonly ends = new Map<number, { total: number; completed: number }>();
  readonly runs = newStep();
  readonly steps = new Map<string, StepTally>();
  readonly others = newStep();
  readonly failures: KeptFailure[] = [];
  private newest: number | undefined;

  /** Counts something on the day of `at`. */
  add(at: string, field: keyof Activity, by = 1): void {
    const day = dayNumber(at);
    if (day <= this.reach(day) - DAYS_KEPT) return;
    const activity = this.days.get(day) ?? noActivity();
    activity[field] += by;
    this.days.set(day, activity);
  }

  /** Keeps how far the migration is on the day of `at`, or on the newest day if that is later. */
  keepCounts({ total, completed }: Counts, at: string): void {
    this.ends.set(this.reach(dayNumber(at)), { total, completed });
  }

  /** How long a run took that is completed. */
  completeRun(startedAt: string | undefined, at: string): void {
    this.add(at, 'completed');
    if (startedAt === undefined) return;
    const ms = between(startedAt, at);
    measure(this.runs, ms);
    this.add(at, 'runMs', ms);
  }

  /** Counts those facts that the view with number `shown` did not have yet. */
  addFacts(run: RunAddress, facts: readonly StepFact[], shown: number, at: string): void {
    for (const fact of facts) {
      if (fact.seq <= shown) continue;
      this.add(at, fact.kind);
      const step = this.stepOf(fact.stepName);
      if (fact.kind === 'opened') step.opened += 1;
      else measure(step, between(fact.startedAt, fact.at));
      if (fact.kind === 'failed') {
        step.failed += 1;
        this.failures.push({ number: this.failures.length + 1, failure: failureOf(run, fact) });
      }
    }
  }

  /** The newest day, which may be this one; what is too old by then is dropped. */
  private reach(day: number): number {
    const before = this.newest ?? day;
    this.newest = Math.max(day, before);
    for (const kept of [this.days, this.ends])
      for (const one of kept.keys()) if (one <= this.newest - DAYS_KEPT && one < before) kept.delete(one);
    return this.newest;
  }

  private stepOf(name: string): StepTally {
    const known = this.steps.get(name);
    if (known !== undefined) return known;
    if (this.steps.size >= STEP_NAMES_KEPT) return this.others;
    const step = newStep();
    this.steps.set(name, step);
    return step;
  }
}

function newStep(): StepTally {
  return { sum: 0, buckets: new Map(), opened: 0, failed: 0 };
}

function measure(step: StepTally, ms: number): void {
  const bucket = bucketOf(ms);
  step.sum += ms;
  step.buckets.set(bucket, (step.buckets.get(bucket) ?? 0) + 1);
}

function between(from: string, to: string): number {
  return Math.max(Date.parse(to) - Date.parse(from), 0);
}

function failureOf({ migrationId, candidateId, runAttempt }: RunAddress, fact: StepFact): StepFailure {
  const { stepName, attempt, at, reason } = fact;
  const failure = { migrationId, candidateId, runAttempt, stepName, attempt, at };
  return reason === undefined ? failure : { ...failure, reason };
}
