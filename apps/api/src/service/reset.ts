import { requireAdmin, type Actor, type AuditContext } from '@loom/domain';
import { refusalError, type ConflictCodes } from './conflicts';
import type { CandidateAddress, ServiceDeps } from './deps';

export interface ResetCommand extends CandidateAddress {
  /** With the reason. */
  by: AuditContext & { actor: Actor };
}

const CODES: ConflictCodes = {
  not_started: 'candidate_not_completed',
  queued: 'candidate_not_completed',
  running: 'candidate_not_completed',
  // The store cannot refuse this one.
  completed: 'candidate_not_completed',
};

/** Makes a completed candidate one that can be started again; nothing of its migrator is undone. */
export function createReset(deps: Pick<ServiceDeps, 'migrations' | 'runs' | 'clock'>) {
  /** @throws ForbiddenError, MigrationNotFoundError, CandidateNotFoundError, RunConflictError */
  return async ({ by, ...address }: ResetCommand): Promise<void> => {
    requireAdmin(by.actor);
    const result = await deps.runs.reset({ ...address, by, at: deps.clock.now() });
    if (result.outcome === 'refused') throw await refusalError(deps, address, result, CODES);
  };
}
