import {
  InvalidRequestError,
  inputsAskedFor,
  runId,
  stepsFor,
  type AuditContext,
  type Migration,
  type RunRecord,
  type StepDefinition,
} from '@loom/domain';
import {
  identifyStore,
  NO_VERSION,
  type Idempotency,
  type Refusal,
  type ReservationDraft,
} from '@loom/ports';
import { requireComplete, requireInputsSize } from './check-inputs';
import { conflictWith, refusalError, type ConflictCodes } from './conflicts';
import type { CandidateAddress, ServiceDeps } from './deps';
import { CLOSING_WAIT_MS, launch, startWorkflow } from './launch';
import { migrationOf, unknownCandidate } from './lookup';

export interface StartCommand extends CandidateAddress {
  /** Merged into those kept while queued. */
  inputs: Record<string, string>;
  /** `queued` for an execute. */
  from: ReservationDraft['from'];
  /** The number to begin with, of an admin, where the store has lost it. */
  attempt?: number;
  idempotency?: Idempotency;
  by: AuditContext;
}

export interface Started {
  runId: string;
  attempt: number;
}

export type StartDeps = Pick<
  ServiceDeps,
  | 'migrations'
  | 'candidates'
  | 'runs'
  | 'reader'
  | 'engine'
  | 'clock'
  | 'newNonce'
  | 'recovery'
  | 'memory'
  | 'newId'
>;

/** How often a reservation is built anew because what it was built from changed meanwhile. */
const MOST_READS = 5;

const CODES: ConflictCodes = {
  not_started: 'candidate_not_queued',
  queued: 'candidate_not_queued',
  running: 'candidate_already_running',
  completed: 'candidate_already_completed',
};

/** Reserve, then start: a crash between the two loses nothing, since a reservation alone is enough to start from. */
export function createStart(deps: StartDeps) {
  return async (command: StartCommand): Promise<Started> => {
    requireInputsSize(command.inputs);
    let waited = false;
    let identified = false;
    for (let reads = 1; ; reads += 1) {
      const draft = await draftOf(deps, command);
      const result = await deps.runs.reserve(draft);
      if (result.outcome === 'repeated') return resume(deps, command, result.attempt);
      if (result.outcome === 'reserved') {
        await launch(deps, result.manifest, command.by);
        return { runId: result.manifest.runId, attempt: result.manifest.runAttempt };
      }
      if (result.because === 'changed' && reads < MOST_READS) continue;
      if (result.because === 'undetermined' && !identified) {
        identified = true;
        if (await settled(deps, command)) continue;
      }
      if (waited || !(await olderClosed(deps, command, result)))
        throw await refusalError(deps, command, result, CODES);
      waited = true;
    }
  };
}

/** True when the migration may be asked again: the store is a new one, or was found to be sound since its announce. */
async function settled(deps: StartDeps, { migrationId }: CandidateAddress): Promise<boolean> {
  if ((await identifyStore(deps)) === 'lost') return false;
  await deps.recovery.settle(migrationId);
  return true;
}

/** The manifest of a reservation. The version is read first: a candidate that changes after it is refused, not mixed. */
async function draftOf(deps: StartDeps, command: StartCommand): Promise<ReservationDraft> {
  const { migrationId, candidateId, from, attempt, idempotency, by } = command;
  const [migration, snapshot] = await Promise.all([
    migrationOf(deps, migrationId),
    deps.reader.snapshot(migrationId, candidateId),
  ]);
  const row = await deps.candidates.get(migrationId, candidateId);
  if (snapshot === undefined || row === undefined) throw await unknownCandidate(deps, command);
  const run = snapshot.run;
  const kept = run?.status === 'queued' ? inputsAskedFor(migration.requiredInputs ?? [], run.inputs) : {};
  const inputs = { ...kept, ...command.inputs };
  const draft: ReservationDraft = {
    manifest: {
      runId: runId(migrationId, candidateId),
      migrationId,
      candidate: row.candidate,
      steps: stepsFor(migration, row.candidate),
      inputs,
      nonce: deps.newNonce(),
      reservedAt: deps.clock.now(),
    },
    definitionRevision: migration.revision,
    candidateVersion: snapshot.version,
    from,
    by,
    ...(attempt === undefined ? {} : { firstAttempt: attempt }),
    isPaused: migration.paused?.scope === 'all',
    ...(idempotency === undefined ? {} : { idempotency }),
  };
  const vain = { ...draft, candidateVersion: NO_VERSION };
  if (!mayReserve(from, run) || migration.archived !== undefined) return vain;
  const checked = await withCheckedInputs(deps, draft, migration);
  return migration.paused === undefined ? checked : vain;
}

/** Where the status forbids it anyway, the reservation is left to be refused (or known as a repeat) by the store. */
function mayReserve(from: StartCommand['from'], run: RunRecord | undefined): boolean {
  return run?.status === 'queued' || (run === undefined && from === 'not_started_or_queued');
}

async function withCheckedInputs(
  deps: StartDeps,
  draft: ReservationDraft,
  migration: Migration,
): Promise<ReservationDraft> {
  try {
    requireInputsSize(draft.manifest.inputs);
    requireComplete(migration.requiredInputs, draft.manifest.inputs);
    requireSteps(draft.manifest.steps);
    return draft;
  } catch (error) {
    if (draft.idempotency === undefined) throw error;
    // A repeat gets its first answer even where the same inputs would not do today.
    const probe = { ...draft, candidateVersion: NO_VERSION };
    const { outcome } = await deps.runs.reserve(probe);
    if (outcome === 'repeated') return probe;
    throw error;
  }
}

/** A run without steps would be completed at once, for ever, with nothing done. */
function requireSteps(steps: readonly StepDefinition[]): void {
  if (steps.length > 0) return;
  const message = 'neither its migration nor the candidate itself has steps; announce or submit some first';
  throw new InvalidRequestError('this candidate has nothing to run', [{ pointer: '', message }]);
}

/** A repeat of a start whose workflow may be missing still starts it: the first caller may have died before. */
async function resume(deps: StartDeps, address: CandidateAddress, attempt: number): Promise<Started> {
  const { migrationId, candidateId } = address;
  const run = (await deps.reader.snapshot(migrationId, candidateId))?.run;
  if (run?.status === 'running' && run.attempt === attempt && run.seq === 0 && run.cancel === undefined) {
    const manifest = await deps.reader.manifest(migrationId, candidateId);
    if (manifest?.runAttempt === attempt) await startWorkflow(deps, manifest);
  }
  return { runId: runId(migrationId, candidateId), attempt };
}

/**
 * True when the refusal was an attempt under cancellation that closed while waited for, so that asking again is
 * worth it. An execute does not wait: what ends cancelled is no longer queued.
 */
async function olderClosed(deps: StartDeps, command: StartCommand, refusal: Refusal): Promise<boolean> {
  if (refusal.because !== 'status' || command.from === 'queued') return false;
  const { run } = refusal;
  if (run?.status !== 'running' || run.cancel === undefined) return false;
  if (await deps.engine.awaitClosed(run.runId, run.attempt, CLOSING_WAIT_MS)) return true;
  throw conflictWith(command, run, CODES);
}
