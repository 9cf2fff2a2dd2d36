import {
  ANONYMOUS,
  ForbiddenError,
  RunConflictError,
  RunNotFoundError,
  UnauthenticatedError,
  auditedReason,
  parseCallbackId,
  parseRunId,
  runId,
  type AuditContext,
  type CallbackAddress,
  type SignedCallback,
  type StepEvent,
} from '@loom/domain';
import type { AuditDraft } from '@loom/ports';
import { referenceTo } from './conflicts';
import type { CandidateAddress, ServiceDeps } from './deps';
import { judge } from './judge-event';
import { missingExecution } from './missing-execution';

export interface RaiseCommand {
  /** A secret; never in an error. */
  callbackId: string;
  event: StepEvent;
  /** With a bare run id only: which attempts are meant; absent, the current ones. */
  attempts: { runAttempt?: number; attempt?: number };
  by: AuditContext;
}

type EventDeps = Pick<
  ServiceDeps,
  'reader' | 'runs' | 'engine' | 'signer' | 'audit' | 'clock' | 'logger' | 'anonymousMayReport'
>;

const NOT_FROM_ANYBODY =
  'a run id alone is no credential here: it is one only where the api listens on loopback; report by the callbackId of the dispatch';

/** Whom an event is for, and which candidate that is. */
interface Target {
  address: CallbackAddress;
  candidate: CandidateAddress;
}

/** Passes an event on to its run, unless the stored record proves it old. The workflow alone decides what it does. */
export function createRaiseEvent(deps: EventDeps) {
  /** @throws UnauthenticatedError, RunNotFoundError, RunConflictError `event_not_expected` */
  return async (command: RaiseCommand): Promise<void> => {
    const signed = parseCallbackId(command.callbackId);
    const target = signed === undefined ? await bareTarget(deps, command) : await signedTarget(deps, signed);
    const { address } = target;
    if (command.event.candidateId !== target.candidate.candidateId)
      throw new RunConflictError('event_not_expected', { runId: address.runId });
    if ((await verdict(deps, target, command.event)) === 'repeat') {
      // It changes nothing, but its migrator is there.
      const { runAttempt, stepIndex, attempt } = address;
      await deps.runs.heard({ ...target.candidate, runAttempt, stepIndex, attempt }, deps.clock.now());
      return;
    }
    const { runAttempt, stepIndex, attempt } = address;
    const payload = { ...command.event, runAttempt, stepIndex, attempt };
    await deps.audit.append(entryOf(target, command, signed !== undefined));
    if (await deps.engine.signal(address.runId, { signal: 'stepEvent', payload })) return;
    if ((await verdict(deps, target, command.event)) === 'repeat') return;
    throw missingExecution(deps, { runId: address.runId, attempt: runAttempt });
  };
}

/** A callback id proves that its sender was given that dispatch; who it is, it does not tell. */
const MIGRATOR = { id: 'migrator', role: 'migrator' } as const;

/** Neither the callback id nor the metadata: both may hold secrets. */
function entryOf({ address, candidate }: Target, { event, by }: RaiseCommand, isSigned: boolean): AuditDraft {
  const { stepName, status, reason } = event;
  const isUnnamed = isSigned && by.actor.id === ANONYMOUS.id;
  return {
    ...by,
    ...(isUnnamed ? { actor: MIGRATOR } : {}),
    ...(reason === undefined ? {} : { reason: auditedReason(reason) }),
    action: 'event',
    ...candidate,
    runAttempt: address.runAttempt,
    after: { stepName, status, attempt: address.attempt },
  };
}

/** @throws RunConflictError where the record proves the event old, RunNotFoundError where it does not know the attempt */
async function verdict(
  deps: EventDeps,
  { address, candidate }: Target,
  event: StepEvent,
): Promise<'repeat' | 'signal'> {
  const snapshot = await deps.reader.snapshot(candidate.migrationId, candidate.candidateId);
  const run = snapshot?.run;
  const result = judge(run, address, event);
  if (result !== 'old') return result;
  // A store that has just lost its data proves nothing; a migrator repeats what is not found, and no conflict.
  if (run === undefined && (await nonceOf(deps, candidate, address)) === undefined)
    throw new RunNotFoundError(address.runId);
  throw new RunConflictError('event_not_expected', referenceTo(candidate, run));
}

function nonceOf(
  { reader }: EventDeps,
  { migrationId, candidateId }: CandidateAddress,
  { runAttempt }: Pick<CallbackAddress, 'runAttempt'>,
): Promise<string | undefined> {
  return reader.nonce(migrationId, candidateId, runAttempt);
}

/** The MAC is checked before anything else is told of the run. */
async function signedTarget(deps: EventDeps, signed: SignedCallback): Promise<Target> {
  const candidate = parseRunId(signed.runId);
  if (candidate === undefined) throw new RunNotFoundError('of this callback');
  const nonce = await nonceOf(deps, candidate, signed);
  if (nonce === undefined) throw new RunNotFoundError(signed.runId);
  if (!deps.signer.verify(signed, nonce)) throw new UnauthenticatedError('the callback id is not valid');
  const { runId: id, runAttempt, stepIndex, attempt } = signed;
  return { address: { runId: id, runAttempt, stepIndex, attempt }, candidate };
}

/** A bare run id is no credential: only a principal that may report on runs is let through with one. */
async function bareTarget(
  deps: EventDeps,
  { callbackId, event, attempts, by }: RaiseCommand,
): Promise<Target> {
  const candidate = parseRunId(callbackId);
  if (candidate === undefined) throw notARun(callbackId);
  if (by.actor.id === ANONYMOUS.id && !deps.anonymousMayReport)
    throw new UnauthenticatedError(NOT_FROM_ANYBODY);
  if (by.actor.role === 'viewer') throw new ForbiddenError('a viewer may not report on a step');
  const { migrationId, candidateId } = candidate;
  const run = (await deps.reader.snapshot(migrationId, candidateId))?.run;
  const runAttempt = attempts.runAttempt ?? run?.attempt ?? 0;
  if (run === undefined || run.status === 'queued') {
    const ranBefore = await deps.reader.nonce(migrationId, candidateId, Math.max(runAttempt, 1));
    if (ranBefore === undefined) throw new RunNotFoundError(callbackId);
    throw new RunConflictError('event_not_expected', referenceTo(candidate, run));
  }
  const stepIndex = run.steps.findIndex(({ stepName }) => stepName === event.stepName);
  if (stepIndex < 0) throw new RunConflictError('event_not_expected', referenceTo(candidate, run));
  const attempt = attempts.attempt ?? Math.max(run.steps[stepIndex]?.attempt ?? 0, 1);
  return { address: { runId: runId(migrationId, candidateId), runAttempt, stepIndex, attempt }, candidate };
}

/** A callback id that lost a part is a failed credential, anything else names no run; neither is repeated. */
function notARun(callbackId: string): Error {
  const [first = ''] = callbackId.split('~');
  return parseRunId(first) === undefined
    ? new RunNotFoundError('of this callback')
    : new UnauthenticatedError('the callback id is not valid');
}
