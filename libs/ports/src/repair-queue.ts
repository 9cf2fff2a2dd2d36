import type { RunManifest } from '@loom/domain';

/** A recorded cancel that its workflow has not settled yet. */
export interface PendingCancel {
  runId: string;
  runAttempt: number;
  executionId?: string;
}

/** What the scheduled reconciliation looks for. Both lists come from indexes, oldest first. */
export interface RepairQueue {
  /** Reservations made before `before` (ISO 8601) whose workflow has not recorded its first act. */
  unstarted(before: string, limit: number): Promise<RunManifest[]>;
  /** Cancels recorded before `before` that are not settled. */
  pendingCancels(before: string, limit: number): Promise<PendingCancel[]>;
}
