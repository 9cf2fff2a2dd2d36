import type { AuditContext, Migration, MigrationDefinition } from '@loom/domain';
import type { Page, PageRequest } from './page';

/** Definitions of migrations. An announce never touches candidates or runs, and keeps createdAt. */
export interface MigrationStore {
  /**
   * Registers or replaces a definition by id, in one atomic write. `revision` starts at 1 and grows only when the
   * definition changed; `lastAnnouncedAt` always becomes `at`. Also makes `migratorUrl` the URL of `migratorApp`.
   * Audited where the definition is new or changed.
   */
  announce(definition: MigrationDefinition, at: string, by?: AuditContext): Promise<Migration>;
  /** With counts as of now; undefined when there is none. */
  get(migrationId: string): Promise<Migration | undefined>;
  /** By id, ascending; one or two round trips whatever the number of migrations. Throws InvalidRequestError on a bad cursor. */
  list(page: PageRequest): Promise<Page<Migration>>;
  /** The URL last announced for a migrator app, by any migration. */
  migratorUrl(migratorApp: string): Promise<string | undefined>;
}
