import type { Unreachable } from '@loom/domain';

/**
 * At most so many apps are noted: for a new one that which was lost first gives way, since an app that was retired while
 * it was down is never found again. More are down together only when it is our own network that is.
 */
export const UNREACHABLE_KEPT = 100;

/** Which migrator apps no connection can be made to; shown with each of their migrations by MigrationStore. */
export interface MigratorReach {
  /** No connection could be made. The time of the first one stays until it is over; the detail is the newest one's. */
  lost(migratorApp: string, detail: string, at: string): Promise<void>;
  /** The app was reached. An announce of it that is newer than the last says the same. */
  found(migratorApp: string): Promise<void>;
  of(migratorApp: string): Promise<Unreachable | undefined>;
}
