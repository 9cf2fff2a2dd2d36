import type { AuditContext } from '@loom/domain';
import type { MemoryState, StoredMigration } from './memory-state';

/** Ends the archiving of a migration; false where it was not archived. */
export function unarchive(
  { audit }: Pick<MemoryState, 'audit'>,
  migration: StoredMigration,
  by?: AuditContext,
): boolean {
  if (migration.archived === undefined) return false;
  delete migration.archived;
  const change = { before: { archived: true }, after: { archived: false } };
  audit.add(migration.definition.id, 'unarchive', change, by);
  return true;
}
