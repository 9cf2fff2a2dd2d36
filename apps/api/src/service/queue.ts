import { runId, type AuditContext } from '@loom/domain';
import type { Idempotency } from '@loom/ports';
import { requireComplete, requireInputsSize } from './check-inputs';
import { refusalError, type ConflictCodes } from './conflicts';
import type { CandidateAddress, ServiceDeps } from './deps';
import { candidateOf, migrationOf } from './lookup';

export interface QueueCommand extends CandidateAddress {
  /** Kept for the execution. */
  inputs: Record<string, string>;
  idempotency?: Idempotency;
  by: AuditContext;
}

const QUEUE_CODES: ConflictCodes = {
  // The store cannot refuse this one; the newest truth is that it may be queued again.
  not_started: 'candidate_not_queued',
  queued: 'candidate_already_queued',
  running: 'candidate_already_running',
  completed: 'candidate_already_completed',
};

const DEQUEUE_CODES: ConflictCodes = {
  not_started: 'candidate_not_queued',
  queued: 'candidate_not_queued',
  running: 'candidate_not_queued',
  completed: 'candidate_not_queued',
};

/** Queue reserves a run without starting it; dequeue takes that back without a trace. */
export function createQueue(deps: Pick<ServiceDeps, 'migrations' | 'candidates' | 'runs' | 'clock'>) {
  return {
    async queue({ inputs, idempotency, by, ...address }: QueueCommand): Promise<{ runId: string }> {
      requireInputsSize(inputs);
      const [migration, row] = await Promise.all([
        migrationOf(deps, address.migrationId),
        candidateOf(deps, address),
      ]);
      // In any other status, and of an archived migration, the store refuses, or knows the key of a repeat; its inputs are not worth a look.
      if (row.status === 'not_started' && migration.archived === undefined)
        requireComplete(migration.requiredInputs, inputs);
      const request = { ...address, inputs, at: deps.clock.now(), by };
      const result = await deps.runs.queue(idempotency === undefined ? request : { ...request, idempotency });
      if (result.outcome === 'refused') throw await refusalError(deps, address, result, QUEUE_CODES);
      return { runId: runId(address.migrationId, address.candidateId) };
    },

    async dequeue(address: CandidateAddress, by: AuditContext): Promise<void> {
      const { migrationId, candidateId } = address;
      const result = await deps.runs.dequeue(migrationId, candidateId, deps.clock.now(), by);
      if (result.outcome === 'refused') throw await refusalError(deps, address, result, DEQUEUE_CODES);
    },
  };
}
