import {
  InvalidRequestError,
  RunConflictError,
  runId,
  type AuditContext,
  type RunRecord,
  type StepState,
} from '@loom/domain';
import type { Idempotency } from '@loom/ports';
import { conflictWith, referenceTo, refusalError, type ConflictCodes } from './conflicts';
import type { CandidateAddress, ServiceDeps } from './deps';
import { candidateOf } from './lookup';
import { missingExecution } from './missing-execution';

export interface RetryCommand extends CandidateAddress {
  stepName: string;
  /** The failed step attempt that is answered; absent, the current one. */
  attempt?: number;
  by: AuditContext;
  idempotency?: Idempotency;
}

type RetryDeps = Pick<
  ServiceDeps,
  'migrations' | 'candidates' | 'runs' | 'reader' | 'engine' | 'audit' | 'logger'
>;

const CODES: ConflictCodes = {
  not_started: 'candidate_not_running',
  queued: 'candidate_not_running',
  running: 'step_not_failed',
  completed: 'candidate_not_running',
};

/** The failed step attempt that a retry answers, and the run attempt that it is of. */
interface Answered {
  runAttempt: number;
  attempt: number;
}

/** Answers one failed step attempt, and no other: a second click, or a late one, changes nothing. */
export function createRetry(deps: RetryDeps) {
  return async (command: RetryCommand): Promise<void> => {
    const { run } = await candidateOf(deps, command);
    const answered = await answeredAttempt(deps, command, run);
    if (answered === undefined) return;
    const { stepName, by, migrationId, candidateId } = command;
    const payload = { ...answered, stepName, by: by.actor.id };
    const id = runId(migrationId, candidateId);
    await deps.audit.append({
      ...by,
      action: 'retry',
      migrationId,
      candidateId,
      runAttempt: answered.runAttempt,
      before: { stepName, status: 'failed', attempt: answered.attempt },
    });
    if (await deps.engine.signal(id, { signal: 'retryStep', payload })) return;
    const now = await candidateOf(deps, command);
    if (now.run?.status !== 'running' || now.run.attempt !== answered.runAttempt)
      throw conflictWith(command, now.run, CODES);
    throw missingExecution(deps, now.run);
  };
}

/** What to retry; undefined when its retry is known to have happened. */
async function answeredAttempt(
  deps: RetryDeps,
  command: RetryCommand,
  run: RunRecord | undefined,
): Promise<Answered | undefined> {
  const { idempotency, stepName, attempt } = command;
  if (idempotency === undefined) return decide(command, run);
  const { migrationId, candidateId } = command;
  const claim = { migrationId, candidateId, stepName, idempotency };
  const result = await deps.runs.claimRetry(attempt === undefined ? claim : { ...claim, attempt });
  switch (result.outcome) {
    case 'claimed':
      // Not of the run that was read: another attempt may have begun since.
      return { runAttempt: result.runAttempt, attempt: result.attempt };
    case 'repeated':
      // Its first signal may have been lost; the workflow drops it where it was not.
      // In a later run attempt the same numbers name another failure.
      return run?.attempt === result.runAttempt && isFailed(run, stepOf(run, stepName), result.attempt)
        ? { runAttempt: result.runAttempt, attempt: result.attempt }
        : undefined;
    case 'refused':
      if (result.because !== 'status') throw await refusalError(deps, command, result, CODES);
      return decide(command, result.run);
  }
}

/** @throws RunConflictError unless the attempt meant is the failed one, or (named) a repeat. */
function decide(command: RetryCommand, run: RunRecord | undefined): Answered | undefined {
  const step = stepOf(run, command.stepName);
  // A later one exists only because this one was retried, whatever became of the run since.
  if (step !== undefined && command.attempt !== undefined && command.attempt < step.attempt) return undefined;
  if (run?.status !== 'running' || run.cancel !== undefined) throw conflictWith(command, run, CODES);
  if (step === undefined) throw unknownStep(command.stepName);
  const attempt = command.attempt ?? step.attempt;
  if (!isFailed(run, step, attempt)) throw new RunConflictError('step_not_failed', referenceTo(command, run));
  return { runAttempt: run.attempt, attempt };
}

function isFailed(run: RunRecord, step: StepState | undefined, attempt: number): boolean {
  return run.status === 'running' && step?.status === 'failed' && step.attempt === attempt;
}

function stepOf(run: RunRecord | undefined, stepName: string): StepState | undefined {
  return run?.steps.find((step) => step.stepName === stepName);
}

function unknownStep(stepName: string): InvalidRequestError {
  return new InvalidRequestError('the run has no such step', [
    { pointer: '/stepName', message: `is no step of this run: ${stepName}` },
  ]);
}
