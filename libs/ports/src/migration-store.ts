import type { AuditContext, Migration, MigrationDefinition } from '@loom/domain';
import type { Page, PageRequest } from './page';

export interface MigrationQuery extends PageRequest {
  /** Only those that are archived; else only those that are not. */
  archived?: boolean;
}

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
  /**
   * By id, ascending; one or two round trips whatever the number of migrations. A page may be short, or empty, though
   * there is a next one. Throws InvalidRequestError on a bad cursor.
   */
  list(query: MigrationQuery): Promise<Page<Migration>>;
  /**
   * Archives a migration, unless something of it is queued or running. From then on nothing of it is queued or reserved;
   * announces, submits and all else go on. Idempotent: the first one's time, author and reason stay.
   * @throws MigrationNotFoundError
   */
  archive(migrationId: string, at: string, by: AuditContext): Promise<'archived' | 'in_use'>;
  /** Ends that. A run that is restored does so as well (RunCensus). Idempotent. @throws MigrationNotFoundError */
  unarchive(migrationId: string, at: string, by?: AuditContext): Promise<void>;
  /** The URL last announced for a migrator app, by any migration. */
  migratorUrl(migratorApp: string): Promise<string | undefined>;
}
