import {
  CandidateNotFoundError,
  MigrationNotFoundError,
  type CandidateRow,
  type Migration,
} from '@loom/domain';
import type { CandidateAddress, ServiceDeps } from './deps';

type LookupDeps = Pick<ServiceDeps, 'migrations' | 'candidates'>;

/** @throws MigrationNotFoundError */
export async function migrationOf(
  deps: Pick<ServiceDeps, 'migrations'>,
  migrationId: string,
): Promise<Migration> {
  const migration = await deps.migrations.get(migrationId);
  if (migration === undefined) throw new MigrationNotFoundError(migrationId);
  return migration;
}

/** @throws MigrationNotFoundError, CandidateNotFoundError */
export async function candidateOf(deps: LookupDeps, address: CandidateAddress): Promise<CandidateRow> {
  const row = await deps.candidates.get(address.migrationId, address.candidateId);
  if (row === undefined) throw await unknownCandidate(deps, address);
  return row;
}

/** Which of the two is unknown: asked only once something is missing, so that the usual case costs one read. */
export async function unknownCandidate(
  deps: Pick<ServiceDeps, 'migrations'>,
  { migrationId, candidateId }: CandidateAddress,
): Promise<MigrationNotFoundError | CandidateNotFoundError> {
  const migration = await deps.migrations.get(migrationId);
  return migration === undefined
    ? new MigrationNotFoundError(migrationId)
    : new CandidateNotFoundError(migrationId, candidateId);
}
