import { auditedInputs, runId, type RunRecord } from '@loom/domain';
import type { Refusal } from '../run-store';
import type { StoredRun } from './memory-state';

/** Inputs that a run was given, for its audit entry. */
export function given(inputs: Record<string, string>): { inputs?: Record<string, string> } {
  return Object.keys(inputs).length === 0 ? {} : { inputs: auditedInputs(inputs) };
}

/** Once a first act is recorded, or the reservation is undone, there is nothing more to give back. */
export function forgetReservation(stored: StoredRun): void {
  delete stored.queuedRun;
  delete stored.idempotencyKey;
  delete stored.repeated;
}

/** A run that is only queued. */
export function queuedRun(
  migrationId: string,
  candidateId: string,
  inputs: Record<string, string>,
  at: string,
): RunRecord {
  return {
    runId: runId(migrationId, candidateId),
    migrationId,
    candidateId,
    status: 'queued',
    attempt: 0,
    inputs: { ...inputs },
    queuedAt: at,
    updatedAt: at,
    seq: 0,
    steps: [],
    currentStep: 0,
    nonce: '',
  };
}

/** The refusal of a write by what stands there. */
export function refusedBy({ run }: StoredRun): Refusal {
  return run === undefined
    ? { outcome: 'refused', because: 'status' }
    : { outcome: 'refused', because: 'status', run: structuredClone(run) };
}
