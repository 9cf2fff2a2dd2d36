import type { AuditContext, Pause } from '@loom/domain';

/** The pause that `by` has asked for. */
export function pauseBy(at: string, { actor, reason }: AuditContext): Pause {
  return { at, by: actor.id, ...(reason === undefined ? {} : { reason }) };
}
