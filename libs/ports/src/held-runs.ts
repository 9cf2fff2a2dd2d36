import type { RunAddress } from './run-ledger';

/** A run whose next dispatch waits for a pause to end. */
export interface HeldRun extends RunAddress {
  runId: string;
}

/** Runs that a pause has held, in an index of their own. A run leaves it only by going on, or by ending. */
export interface HeldRuns {
  /**
   * Those that nothing pauses any more and that were held, or told last, before `before` (ISO 8601): the oldest first,
   * at most `limit`; of one migration, or of all.
   */
  due(before: string, limit: number, migrationId?: string): Promise<HeldRun[]>;
  /** Notes that these were told at `at`, so that others come first. */
  told(runs: readonly HeldRun[], at: string): Promise<void>;
}
