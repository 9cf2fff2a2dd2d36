import type { Attention, AuditContext, StepFact, StepState } from '@loom/domain';

/** Which run attempt an activity writes for. */
export interface RunAddress {
  migrationId: string;
  candidateId: string;
  runAttempt: number;
}

/** The workflow's view of its run, whole; `seq` grows with each and orders them within an attempt. */
export interface RunProjection extends RunAddress {
  seq: number;
  steps: StepState[];
  currentStep: number;
  inputs: Record<string, string>;
  attention?: Attention;
  at: string;
  /** True when a step is sent to its migrator because of this view: that must not follow a recorded cancel. */
  dispatches?: boolean;
  /** The newest facts up to `seq`; those that are new to the store are counted with this write. */
  facts?: readonly StepFact[];
  /** With `dispatches`: true while dispatch of all migrations is paused, which the migration itself does not know. */
  holds?: boolean;
}

/** `applied`, or the write was older than what stands there, or the run attempt is over (or never was). */
export type WriteOutcome = 'applied' | 'stale' | 'closed';

/** How a run ended that was asked to cancel. */
export interface CancelSettlement extends RunAddress {
  /** With what each step had reached; absent: as the store shows them. */
  steps?: StepState[];
  /** As of a projection. */
  facts?: readonly StepFact[];
  at: string;
  /** When told: only while the store shows this very view, else `stale`. */
  seq?: number;
  /** Used only where no cancel is recorded: the execution was cancelled past the API. */
  fallback: { by: string; reason: string };
}

/**
 * What only the workflow's activities write. Every method is one atomic script, conditional on the run attempt,
 * idempotent, and changes state, counts, indexes and the stream together.
 */
export interface RunLedger {
  /**
   * The workflow's first act: records the execution id. `cancelled`: a cancel was recorded before anything was
   * dispatched. `not_reserved`: this attempt is not the reserved one; end without a trace.
   */
  begin(
    run: RunAddress & { executionId: string; at: string },
  ): Promise<'proceed' | 'cancelled' | 'not_reserved'>;
  /**
   * Writes a newer view; never over a newer one, never after the attempt is over. `cancelled`: a cancel is recorded and
   * the view `dispatches`; nothing was written, and nothing may be dispatched. `paused`: it was written, and the run is
   * held: nothing may be dispatched until the run is told (HeldRuns) and has written it again.
   */
  project(projection: RunProjection): Promise<WriteOutcome | 'cancelled' | 'paused'>;
  /** running → completed with the last view, unless a cancel is recorded (`cancelled`: then clean up instead). Repeats answer `applied`. */
  complete(projection: RunProjection): Promise<WriteOutcome | 'cancelled'>;
  /** running → not_started and appends the cancelled attempt, keeping its nonce; exactly once per (run id, attempt), repeats answer `applied`. */
  settleCancel(settlement: CancelSettlement, by?: AuditContext): Promise<WriteOutcome>;
}
