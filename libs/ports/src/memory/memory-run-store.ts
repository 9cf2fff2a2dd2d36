import {
  auditedInputChange,
  plannedSteps,
  type AuditContext,
  type RunManifest,
  type RunRecord,
} from '@loom/domain';
import type {
  CancelCommand,
  Claimed,
  QueueRequest,
  Refusal,
  Repeated,
  ReservationDraft,
  ResetCommand,
  RetryClaim,
  RunStore,
  StepAddress,
} from '../run-store';
import { cancelCandidate } from './memory-cancel';
import type { MemoryState, StoredMigration, StoredRun } from './memory-state';
import { versionOf } from './memory-run-reader';
import { resetCandidate } from './memory-reset';
import { forgetReservation, given, queuedRun, refusedBy } from './memory-runs';

const UNKNOWN = { outcome: 'refused', because: 'unknown' } as const;
const ARCHIVED = { outcome: 'refused', because: 'archived' } as const;
const CHANGED = { outcome: 'refused', because: 'changed' } as const;

/** What the API writes of runs, in the memory of one process. JavaScript runs each method's body as one step. */
export class MemoryRunStore implements RunStore {
  constructor(private readonly state: MemoryState) {}

  async queue(request: QueueRequest): Promise<{ outcome: 'queued' } | Repeated | Refusal> {
    await Promise.resolve();
    const { migrationId, candidateId, inputs, at, idempotency, by } = request;
    const found = this.state.find(migrationId, candidateId);
    if (found === undefined) return UNKNOWN;
    const { migration, stored } = found;
    const recalled = this.state.recall(migration, idempotency);
    if (recalled !== undefined) return recalled;
    if (migration.archived !== undefined) return ARCHIVED;
    if (stored.run !== undefined) return refusedBy(stored);
    stored.inputsVersion += 1;
    this.state.write(migration, stored, queuedRun(migrationId, candidateId, inputs, at), at);
    this.state.remember(migration, idempotency, 0, 0);
    const change = { before: { status: 'not_started' }, after: { status: 'queued', ...given(inputs) } };
    this.state.audit.add(migrationId, 'queue', { candidateId, ...change }, by);
    return { outcome: 'queued' };
  }

  async dequeue(
    migrationId: string,
    candidateId: string,
    at: string,
    by?: AuditContext,
  ): Promise<{ outcome: 'dequeued' } | Refusal> {
    await Promise.resolve();
    const found = this.state.find(migrationId, candidateId);
    if (found === undefined) return UNKNOWN;
    if (found.stored.run?.status !== 'queued') return refusedBy(found.stored);
    this.state.write(found.migration, found.stored, undefined, at);
    const change = { before: { status: 'queued' }, after: { status: 'not_started' } };
    this.state.audit.add(migrationId, 'dequeue', { candidateId, ...change }, by);
    return { outcome: 'dequeued' };
  }

  async reserve(
    draft: ReservationDraft,
  ): Promise<{ outcome: 'reserved'; manifest: RunManifest } | Repeated | Refusal> {
    await Promise.resolve();
    const found = this.state.find(draft.manifest.migrationId, draft.manifest.candidate.id);
    if (found === undefined) return UNKNOWN;
    const { migration, stored } = found;
    const recalled = this.state.recall(migration, draft.idempotency);
    if (recalled?.outcome === 'repeated' && stored.idempotencyKey === draft.idempotency?.key)
      stored.repeated = true;
    if (recalled !== undefined) return recalled;
    if (migration.archived !== undefined) return ARCHIVED;
    const allowed =
      stored.run === undefined ? draft.from === 'not_started_or_queued' : stored.run.status === 'queued';
    if (!allowed) return refusedBy(stored);
    if (draft.isPaused === true || migration.pause !== undefined)
      return { outcome: 'refused', because: 'paused' };
    if (draft.definitionRevision !== migration.revision || draft.candidateVersion !== versionOf(stored)) {
      return CHANGED;
    }
    if (this.state.isFull(migration)) return { outcome: 'refused', because: 'run_limit' };
    const attempt = this.state.nextAttempt(migration, stored, draft.firstAttempt);
    if (typeof attempt === 'string') return { outcome: 'refused', because: attempt };
    this.state.waiting.delete(`${migration.definition.id} ${stored.candidate.id}`);
    return { outcome: 'reserved', manifest: this.takeAttempt(migration, stored, draft, attempt) };
  }

  async giveBack(manifest: RunManifest, at: string, by?: AuditContext): Promise<boolean> {
    await Promise.resolve();
    const { migrationId, candidate, runAttempt } = manifest;
    const found = this.state.findRunning(migrationId, candidate.id, runAttempt);
    if (found === undefined) return false;
    const { migration, stored, run } = found;
    // A recorded cancel was promised to its caller; the reconciliation starts the workflow, which then settles it.
    if (run.executionId !== undefined || run.seq > 0 || run.cancel !== undefined) return false;
    if (stored.repeated === true) return false;
    const restored = stored.queuedRun === undefined ? undefined : { ...stored.queuedRun, updatedAt: at };
    if (stored.idempotencyKey !== undefined) migration.idempotency.delete(stored.idempotencyKey);
    forgetReservation(stored);
    delete stored.manifest;
    migration.tally.add(run.startedAt ?? at, 'started', -1);
    this.state.write(migration, stored, restored, at);
    const before = { status: 'running', attempt: runAttempt };
    const change = { before, after: { status: restored?.status ?? 'not_started' } };
    this.state.audit.add(migrationId, 'give_back', { candidateId: candidate.id, runAttempt, ...change }, by);
    return true;
  }

  async cancel(
    command: CancelCommand,
  ): Promise<{ outcome: 'recorded'; run: RunRecord } | { outcome: 'ended_queued' } | Refusal> {
    await Promise.resolve();
    return cancelCandidate(this.state, command) ?? UNKNOWN;
  }

  async reset(command: ResetCommand): Promise<{ outcome: 'reset' } | Refusal> {
    await Promise.resolve();
    return resetCandidate(this.state, command) ?? UNKNOWN;
  }

  async mergeQueuedInputs(
    migrationId: string,
    candidateId: string,
    inputs: Record<string, string>,
    at: string,
    by?: AuditContext,
  ): Promise<{ outcome: 'merged' } | Refusal> {
    await Promise.resolve();
    const found = this.state.find(migrationId, candidateId);
    if (found === undefined) return UNKNOWN;
    const { run } = found.stored;
    if (run?.status !== 'queued') return refusedBy(found.stored);
    found.stored.inputsVersion += 1;
    const merged = { ...run, inputs: { ...run.inputs, ...inputs }, updatedAt: at };
    this.state.write(found.migration, found.stored, merged, at);
    const change = auditedInputChange(run.inputs, inputs);
    this.state.audit.add(migrationId, 'update_inputs', { candidateId, ...change }, by);
    return { outcome: 'merged' };
  }

  async claimRetry(claim: RetryClaim): Promise<Claimed | Repeated | Refusal> {
    await Promise.resolve();
    const found = this.state.find(claim.migrationId, claim.candidateId);
    if (found === undefined) return UNKNOWN;
    const recalled = this.state.recall(found.migration, claim.idempotency);
    if (recalled !== undefined) return recalled;
    const { run } = found.stored;
    const step =
      run?.status === 'running' && run.cancel === undefined ? run.steps[run.currentStep] : undefined;
    const meant = claim.attempt ?? step?.attempt;
    if (step?.status !== 'failed' || step.stepName !== claim.stepName || step.attempt !== meant) {
      return refusedBy(found.stored);
    }
    const claimed = { attempt: step.attempt, runAttempt: run?.attempt ?? 0 };
    this.state.remember(found.migration, claim.idempotency, claimed.attempt, claimed.runAttempt);
    return { outcome: 'claimed', ...claimed };
  }

  async heard(step: StepAddress, at: string): Promise<void> {
    await Promise.resolve();
    const found = this.state.findRunning(step.migrationId, step.candidateId, step.runAttempt);
    if (found === undefined) return;
    const { migration, stored, run } = found;
    const isCurrent =
      run.currentStep === step.stepIndex && run.steps[step.stepIndex]?.attempt === step.attempt;
    if (!isCurrent || run.lastSignAt === undefined || at <= run.lastSignAt) return;
    const spoke: RunRecord = { ...run, lastSignAt: at };
    if (run.attention?.kind !== 'stale') {
      stored.run = spoke;
      return;
    }
    delete spoke.attention;
    this.state.write(migration, stored, spoke, at);
  }

  private takeAttempt(
    migration: StoredMigration,
    stored: StoredRun,
    { manifest: draft, idempotency, from, by }: ReservationDraft,
    runAttempt: number,
  ): RunManifest {
    const manifest: RunManifest = structuredClone({ ...draft, runAttempt });
    stored.lastAttempt = manifest.runAttempt;
    stored.manifest = manifest;
    forgetReservation(stored);
    if (stored.run !== undefined) stored.queuedRun = stored.run;
    if (idempotency !== undefined) stored.idempotencyKey = idempotency.key;
    const run: RunRecord = {
      ...queuedRun(manifest.migrationId, manifest.candidate.id, manifest.inputs, manifest.reservedAt),
      status: 'running',
      attempt: manifest.runAttempt,
      startedAt: manifest.reservedAt,
      steps: plannedSteps(manifest),
      nonce: manifest.nonce,
    };
    if (stored.run?.queuedAt === undefined) delete run.queuedAt;
    else run.queuedAt = stored.run.queuedAt;
    const change = {
      before: { status: stored.run?.status ?? 'not_started' },
      after: { status: 'running', attempt: runAttempt, ...given(manifest.inputs) },
    };
    const told = { candidateId: manifest.candidate.id, runAttempt, ...change };
    this.state.audit.add(manifest.migrationId, from === 'queued' ? 'execute' : 'start', told, by);
    migration.tally.add(manifest.reservedAt, 'started');
    this.state.write(migration, stored, run, manifest.reservedAt);
    this.state.remember(migration, idempotency, manifest.runAttempt, manifest.runAttempt);
    return structuredClone(manifest);
  }
}
