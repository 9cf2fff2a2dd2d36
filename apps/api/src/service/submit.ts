import type { Candidate, SubmitResult } from '@loom/domain';
import type { SubmitAuthor } from '@loom/ports';
import { requireCandidates } from './check-candidates';
import type { ServiceDeps } from './deps';

/** Merges what discovery found; running and completed candidates stay as they are. */
export function createSubmit(deps: Pick<ServiceDeps, 'candidates' | 'clock'>) {
  /** @throws MigrationNotFoundError, InvalidRequestError, PayloadTooLargeError */
  return async (migrationId: string, candidates: Candidate[], by: SubmitAuthor): Promise<SubmitResult> => {
    requireCandidates(candidates);
    return deps.candidates.submit(migrationId, candidates, deps.clock.now(), by);
  };
}
