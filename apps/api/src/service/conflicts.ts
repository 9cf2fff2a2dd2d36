import {
  DependencyUnavailableError,
  InvalidRequestError,
  MigrationConflictError,
  RunConflictError,
  StoreRecoveringError,
  runId,
  type Migration,
  type RunConflictCode,
  type RunRecord,
  type RunReference,
} from '@loom/domain';
import type { Refusal } from '@loom/ports';
import type { CandidateAddress, ServiceDeps } from './deps';
import { migrationOf, unknownCandidate } from './lookup';

/** What to call a status that forbids an operation; a running run with a recorded cancel is always `run_cancelling`. */
export interface ConflictCodes {
  not_started: RunConflictCode;
  queued: RunConflictCode;
  running: RunConflictCode;
  completed: RunConflictCode;
}

/** Of what only a running run can be asked for. */
export const RUNNING_ONLY: ConflictCodes = {
  not_started: 'candidate_not_running',
  queued: 'candidate_not_running',
  running: 'candidate_not_running',
  completed: 'candidate_not_running',
};

/** The attempt that stands in the way, as a caller is told of it. */
export function referenceTo(address: CandidateAddress, run: RunRecord | undefined): RunReference {
  if (run === undefined) return { runId: runId(address.migrationId, address.candidateId) };
  const { runId: id, attempt, startedAt } = run;
  return startedAt === undefined ? { runId: id, attempt } : { runId: id, attempt, startedAt };
}

/** The conflict that `run` (undefined: not_started) is for an operation with these `codes`. */
export function conflictWith(
  address: CandidateAddress,
  run: RunRecord | undefined,
  codes: ConflictCodes,
): RunConflictError {
  const cancelling = run?.status === 'running' && run.cancel !== undefined;
  const code = cancelling ? 'run_cancelling' : codes[run?.status ?? 'not_started'];
  return new RunConflictError(code, referenceTo(address, run));
}

/** The error that a refused conditional write is answered with. */
export async function refusalError(
  deps: Pick<ServiceDeps, 'migrations'>,
  address: CandidateAddress,
  refusal: Refusal,
  codes: ConflictCodes,
): Promise<Error> {
  switch (refusal.because) {
    case 'status':
      return conflictWith(address, refusal.run, codes);
    case 'unknown':
      return unknownCandidate(deps, address);
    case 'idempotency_mismatch':
      return new InvalidRequestError('this idempotency key was used for something else', [
        { pointer: '/header/Idempotency-Key', message: 'was used before with another request' },
      ]);
    case 'undetermined':
      return new StoreRecoveringError();
    case 'attempt_unknown':
      return new RunConflictError('attempt_unknown', referenceTo(address, undefined));
    case 'attempt_known':
      return new InvalidRequestError('the number of the next attempt is known', [
        { pointer: '/attempt', message: 'is taken only where the number of the last attempt was lost' },
      ]);
    case 'archived':
      return archivedError(await migrationOf(deps, address.migrationId));
    case 'paused':
      return pausedError(await migrationOf(deps, address.migrationId));
    case 'run_limit':
      return limitError(await migrationOf(deps, address.migrationId));
    case 'changed':
      // Whoever can read anew does so before it gives up; nothing was written.
      return new DependencyUnavailableError(
        'store',
        'the candidate changes faster than it can be read',
        true,
      );
  }
}

/** Who stands in the way, and why; the pause may have ended since. */
function pausedError({ id, paused }: Migration): MigrationConflictError {
  const what = paused?.scope === 'all' ? 'every migration' : `migration ${id}`;
  return new MigrationConflictError('migration_paused', `${what} is paused${since(paused)}`);
}

function archivedError({ id, archived }: Migration): MigrationConflictError {
  return new MigrationConflictError('migration_archived', `migration ${id} is archived${since(archived)}`);
}

/** Empty where it has ended meanwhile. */
function since(set: { at: string; by: string; reason?: string } | undefined): string {
  if (set === undefined) return '';
  return `, since ${set.at} by ${set.by}${set.reason === undefined ? '' : `: ${set.reason}`}`;
}

function limitError({ id, limits, counts }: Migration): MigrationConflictError {
  const own = limits?.maxRunning;
  const message =
    own !== undefined && counts.running >= own
      ? `migration ${id} has ${counts.running} running candidates, and may have ${own}`
      : 'as many candidates are running as all migrations together may have';
  return new MigrationConflictError('run_limit_reached', message);
}
