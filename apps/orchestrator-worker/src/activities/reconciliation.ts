import type { AuditContext } from '@loom/domain';

/** Author of what the reconciliation repairs, in the audit. */
export function reconciliation(reason: string): AuditContext {
  return { actor: { id: 'reconciliation', role: 'system' }, reason };
}
