import type { BurndownDay, DayActivity, FleetTotals, MigrationDurations, StepFailure } from '@loom/domain';
import type { StreamScope } from './event-stream';
import type { Page, PageRequest } from './page';

/** `days` UTC days up to the one of `until` (ISO 8601). */
export interface DaySpan {
  until: string;
  /** 1 to 365. */
  days: number;
}

/**
 * What was counted when it was written, in the same atomic write; no read counts anything, or costs more with more
 * candidates, runs or migrations. Of an unknown migration everything is empty.
 */
export interface StatisticsStore {
  /** Sums over all migrations. */
  totals(): Promise<FleetTotals>;
  /** What happened, one entry a day, oldest first, zeros included. Days are kept for 400 days. */
  activity(scope: StreamScope, span: DaySpan): Promise<DayActivity[]>;
  /** How far it was at the end of each day; a day without a change is as the one before it. */
  burndown(migrationId: string, span: DaySpan): Promise<BurndownDay[]>;
  durations(migrationId: string): Promise<MigrationDurations>;
  /**
   * Step attempts that failed, newest first; the newest 1,000 of a migration, and of all, are kept.
   * Throws InvalidRequestError on a bad cursor.
   */
  failures(scope: StreamScope, page: PageRequest): Promise<Page<StepFailure>>;
}

/** So many failures are kept of a migration, and of all together. */
export const FAILURES_KEPT = 1000;
/** So many different step names of a migration are told apart. */
export const STEP_NAMES_KEPT = 400;
