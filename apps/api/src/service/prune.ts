import { LIMITS, type AuditContext, type PruneResult, type PruneSelection } from '@loom/domain';
import type { ServiceDeps } from './deps';

export interface Prune {
  selection: PruneSelection;
  preview: boolean;
  allowEmpty: boolean;
}

/** Removes candidates that nobody finds any more, while they are not_started; at most 10,000 a call. */
export function createPrune({ candidates, clock }: Pick<ServiceDeps, 'candidates' | 'clock'>) {
  /** @throws MigrationNotFoundError, InvalidRequestError */
  return (migrationId: string, prune: Prune, by: AuditContext): Promise<PruneResult> =>
    candidates.prune(migrationId, { ...prune, at: clock.now(), most: LIMITS.candidatesPerPrune }, by);
}
