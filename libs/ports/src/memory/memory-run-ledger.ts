import { signOf, SYSTEM, type AuditContext, type RunRecord } from '@loom/domain';
import type { CancelSettlement, RunAddress, RunLedger, RunProjection, WriteOutcome } from '../run-ledger';
import { forgetReservation } from './memory-runs';
import type { MemoryState } from './memory-state';

/** What the workflow's activities write, in the memory of one process. */
export class MemoryRunLedger implements RunLedger {
  constructor(private readonly state: MemoryState) {}

  async begin(
    address: RunAddress & { executionId: string; at: string },
  ): Promise<'proceed' | 'cancelled' | 'not_reserved'> {
    await Promise.resolve();
    const found = this.find(address);
    if (found === undefined) return 'not_reserved';
    const { migration, stored, run } = found;
    // Once something was projected it may have been dispatched: another execution would dispatch it again.
    if (run.executionId !== address.executionId && run.seq > 0) return 'not_reserved';
    if (run.executionId !== address.executionId) {
      const begun = { ...run, executionId: address.executionId, updatedAt: address.at };
      forgetReservation(stored);
      this.state.write(migration, stored, begun, address.at);
    }
    return run.cancel === undefined ? 'proceed' : 'cancelled';
  }

  async project(projection: RunProjection): Promise<WriteOutcome | 'cancelled' | 'paused'> {
    await Promise.resolve();
    const found = this.find(projection);
    if (found === undefined) return 'closed';
    const { migration, stored, run } = found;
    // A repeat as well: what was not sent before the cancel must not be sent after it.
    const dispatches = projection.dispatches === true;
    if (dispatches && run.cancel !== undefined) return 'cancelled';
    if (projection.seq < run.seq) return 'stale';
    const waits = dispatches && (projection.holds === true || migration.pause !== undefined);
    const outcome = waits ? 'paused' : 'applied';
    const isNewer = projection.seq > run.seq;
    if (!isNewer && (!dispatches || waits === (run.heldSince !== undefined))) return outcome;
    const after = isNewer ? viewed(run, projection) : { ...run };
    if (isNewer) {
      forgetReservation(stored);
      migration.tally.addFacts(projection, projection.facts ?? [], run.seq, projection.at);
      this.emitSteps(projection, run, after);
    }
    // What is in progress and not dispatched by this view may be held still; anything else is not waiting any more.
    const goesOn = dispatches ? !waits : after.steps[after.currentStep]?.status !== 'in_progress';
    if (goesOn) delete after.heldSince;
    if (waits) after.heldSince ??= projection.at;
    if (goesOn) delete stored.heldOrTold;
    if (waits) stored.heldOrTold ??= Date.parse(projection.at);
    this.state.write(migration, stored, after, projection.at);
    return outcome;
  }

  async complete(projection: RunProjection): Promise<WriteOutcome | 'cancelled'> {
    await Promise.resolve();
    const found = this.find(projection);
    if (found === undefined) return this.isCompleted(projection) ? 'applied' : 'closed';
    const { migration, stored, run } = found;
    if (run.cancel !== undefined) return 'cancelled';
    if (projection.seq < run.seq) return 'stale';
    forgetReservation(stored);
    const after: RunRecord = { ...viewed(run, projection), status: 'completed', completedAt: projection.at };
    delete after.attention;
    migration.tally.addFacts(projection, projection.facts ?? [], run.seq, projection.at);
    migration.tally.completeRun(run.startedAt, projection.at);
    delete after.heldSince;
    delete stored.heldOrTold;
    this.emitSteps(projection, run, after);
    this.state.write(migration, stored, after, projection.at);
    return 'applied';
  }

  async settleCancel(
    { steps, facts = [], at, seq, fallback, ...address }: CancelSettlement,
    by: AuditContext = SYSTEM,
  ): Promise<WriteOutcome> {
    await Promise.resolve();
    const found = this.find(address);
    if (found === undefined) return this.isSettled(address) ? 'applied' : 'closed';
    const { migration, stored, run } = found;
    if (seq !== undefined && run.seq !== seq) return 'stale';
    const { at: cancelledAt, by: cancelledBy, reason } = run.cancel ?? { at, ...fallback };
    const reached = structuredClone(steps ?? run.steps);
    migration.cancelled.push({
      runId: run.runId,
      candidateId: run.candidateId,
      attempt: run.attempt,
      cancelledAt,
      cancelledBy,
      ...(reason === undefined ? {} : { reason }),
      steps: reached,
    });
    this.state.archive(migration, run.candidateId, {
      attempt: run.attempt,
      outcome: 'cancelled',
      ...(run.startedAt === undefined ? {} : { startedAt: run.startedAt }),
      endedAt: at,
      cancelledBy,
      ...(reason === undefined ? {} : { reason }),
      steps: reached,
    });
    stored.closedNonces.set(run.attempt, run.nonce);
    forgetReservation(stored);
    delete stored.manifest;
    const told = {
      candidateId: run.candidateId,
      runAttempt: run.attempt,
      before: { status: 'running', attempt: run.attempt },
      after: { status: 'not_started', cancelledBy },
    };
    const author = run.cancel === undefined ? { ...by, reason: fallback.reason } : by;
    this.state.audit.add(address.migrationId, 'settle_cancel', told, author);
    migration.tally.addFacts(address, facts, run.seq, at);
    migration.tally.add(at, 'cancelled');
    delete stored.heldOrTold;
    this.state.write(migration, stored, undefined, at);
    return 'applied';
  }

  private find({ migrationId, candidateId, runAttempt }: RunAddress) {
    return this.state.findRunning(migrationId, candidateId, runAttempt);
  }

  private isCompleted({ migrationId, candidateId, runAttempt }: RunAddress): boolean {
    const run = this.state.find(migrationId, candidateId)?.stored.run;
    return run?.status === 'completed' && run.attempt === runAttempt;
  }

  private isSettled({ migrationId, candidateId, runAttempt }: RunAddress): boolean {
    return this.state.find(migrationId, candidateId)?.stored.closedNonces.has(runAttempt) ?? false;
  }

  /** One event for each step that the new view shows otherwise than the old one. */
  private emitSteps({ migrationId, candidateId, runAttempt }: RunAddress, from: RunRecord, to: RunRecord) {
    const migration = this.state.migrations.get(migrationId);
    if (migration === undefined) return;
    for (const [index, step] of to.steps.entries()) {
      if (JSON.stringify(from.steps[index]) === JSON.stringify(step)) continue;
      this.state.emit(migration, { type: 'step', migrationId, candidateId, runAttempt, step });
    }
  }
}

function viewed(
  run: RunRecord,
  { seq, steps, currentStep, inputs, attention, at }: RunProjection,
): RunRecord {
  const view: RunRecord = { ...run, ...structuredClone({ seq, steps, currentStep, inputs }), updatedAt: at };
  delete view.attention;
  const sign = signOf(view.steps[view.currentStep]);
  const isNew = sign !== undefined && (run.lastSignAt === undefined || sign > run.lastSignAt);
  if (isNew) view.lastSignAt = sign;
  if (attention !== undefined) return { ...view, attention: { ...attention } };
  // A change of ours, as of its inputs, says nothing of the migrator.
  return !isNew && run.attention?.kind === 'stale' ? { ...view, attention: run.attention } : view;
}
