import type { AuditContext, Pause } from '@loom/domain';

/** One migration, or all of them. */
export type ControlScope = { migrationId: string } | 'all';

/** What operators have set for all migrations together. */
export interface Controls {
  paused?: Pause;
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
  /** Those of all migrations together. */
  read(): Promise<Controls>;
}
