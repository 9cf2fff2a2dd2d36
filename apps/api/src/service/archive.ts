import { MigrationConflictError, type AuditContext, type Migration } from '@loom/domain';
import type { ServiceDeps } from './deps';
import { migrationOf } from './lookup';

/** Migrations that are done with: kept whole, and out of the way. */
export function createArchive(deps: Pick<ServiceDeps, 'migrations' | 'clock'>) {
  const { migrations, clock } = deps;
  return {
    /** @throws MigrationNotFoundError, MigrationConflictError `migration_in_use` */
    async archive(migrationId: string, by: AuditContext): Promise<Migration> {
      if ((await migrations.archive(migrationId, clock.now(), by)) === 'in_use') {
        const { queued, running } = (await migrationOf(deps, migrationId)).counts;
        const detail = `${queued} candidates are queued and ${running} are running; dequeue, finish or cancel them first`;
        throw new MigrationConflictError('migration_in_use', detail);
      }
      return migrationOf(deps, migrationId);
    },

    /** @throws MigrationNotFoundError */
    async unarchive(migrationId: string, by: AuditContext): Promise<Migration> {
      await migrations.unarchive(migrationId, clock.now(), by);
      return migrationOf(deps, migrationId);
    },
  };
}
