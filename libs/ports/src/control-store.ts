import type { AuditContext, Pause, RunLimits } from '@loom/domain';

/** One migration, or all of them. */
export type ControlScope = { migrationId: string } | 'all';

/** What operators have set for all migrations together. */
export interface Controls {
  paused?: Pause;
  limits?: RunLimits;
  /** Running candidates of all migrations; behind by moments. */
  running: number;
}

/**
 * What operators hold back. A pause forbids reservations and holds dispatches (see RunLedger.project); all else goes on.
 * What is set for one migration is written in one atomic script, and shown by MigrationStore.
 */
export interface ControlStore {
  /** Pauses dispatch. Idempotent: the first one's time, author and reason stay. @throws MigrationNotFoundError */
  pause(scope: ControlScope, at: string, by: AuditContext): Promise<void>;
  /** Ends that pause, and no other; the runs held by it stay held until they are told (HeldRuns). @throws MigrationNotFoundError */
  resume(scope: ControlScope, at: string, by?: AuditContext): Promise<void>;
  /**
   * Pauses a migration that a store which lost its data no longer knows as paused: by a run that was under way at
   * `since` and is held. Does nothing while all are paused, nor where a pause is known to have ended since.
   * @throws MigrationNotFoundError
   */
  pauseAgain(migrationId: string, since: string, at: string, by: AuditContext): Promise<void>;
  /**
   * Sets how many may be running, or (without `maxRunning`) that any number may. From then on RunStore.reserve refuses
   * more; those of all migrations are counted such that starts at the same time never exceed it, but for those under way
   * while it is set. @throws MigrationNotFoundError
   */
  limit(scope: ControlScope, limits: RunLimits, at: string, by?: AuditContext): Promise<void>;
  /** Those of all migrations together. */
  read(): Promise<Controls>;
}
