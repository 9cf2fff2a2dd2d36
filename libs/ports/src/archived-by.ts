import type { Archived, AuditContext } from '@loom/domain';

/** What is kept of the archiving that `by` has asked for. */
export function archivedBy(at: string, { actor, reason }: AuditContext): Archived {
  return { at, by: actor.id, ...(reason === undefined ? {} : { reason }) };
}
