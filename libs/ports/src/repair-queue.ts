import type { RunManifest } from '@loom/domain';

/** A recorded cancel that its workflow has not settled yet. */
export interface PendingCancel {
  runId: string;
  migrationId: string;
  candidateId: string;
  runAttempt: number;
  executionId?: string;
  requestedAt: string;
}

/** What the scheduled reconciliation looks for and mends. Both lists come from indexes, oldest first. */
export interface RepairQueue {
  /** Reservations made before `before` (ISO 8601) whose workflow has not recorded its first act. */
  unstarted(before: string, limit: number): Promise<RunManifest[]>;
  /** Cancels recorded before `before` that are not settled. */
  pendingCancels(before: string, limit: number): Promise<PendingCancel[]>;
  /**
   * Brings the list of migrations, with definitions, counts and migrator URLs, to what each migration itself says: a
   * process that died between the two writes may have left it behind. Answers of how many migrations it was, those
   * included whose change is just under way.
   */
  rederive(): Promise<number>;
}
