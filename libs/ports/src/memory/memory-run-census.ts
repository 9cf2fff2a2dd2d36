import { signOf, type RunRecord } from '@loom/domain';
import type { ReconcileNotes, RestoredRun, RunCensus, RunHead } from '../run-census';
import { unarchive } from './memory-archive';
import { forgetReservation } from './memory-runs';
import type { MemoryState, StoredRun } from './memory-state';

type Address = Pick<RunHead, 'migrationId' | 'candidateId'>;

/** What the reconciliation compares, in the memory of one process. */
export class MemoryRunCensus implements RunCensus {
  private kept: ReconcileNotes = { cursors: {} };

  constructor(private readonly state: MemoryState) {}

  async running({
    limit,
    cursor,
  }: {
    limit: number;
    cursor?: string;
  }): Promise<{ heads: RunHead[]; nextCursor?: string }> {
    await Promise.resolve();
    const key = ({ migrationId, candidateId }: Address) => `${migrationId} ${candidateId}`;
    const all = [...this.state.migrations]
      .flatMap(([id, { candidates }]) => [...candidates.values()].map((stored) => headOf(id, stored, false)))
      .filter((head) => head.status === 'running' && (cursor === undefined || key(head) > cursor))
      .sort((a, b) => (key(a) < key(b) ? -1 : 1));
    const heads = all.slice(0, limit);
    const last = heads.at(-1);
    return all.length > limit && last !== undefined ? { heads, nextCursor: key(last) } : { heads };
  }

  async heads(runs: readonly Address[]): Promise<(RunHead | undefined)[]> {
    await Promise.resolve();
    return runs.map(({ migrationId, candidateId }) => {
      const found = this.state.find(migrationId, candidateId);
      return found === undefined
        ? undefined
        : headOf(migrationId, found.stored, this.state.waiting.has(`${migrationId} ${candidateId}`));
    });
  }

  async restore({ manifest, executionId, view, by }: RestoredRun): Promise<'applied' | 'closed' | 'unknown'> {
    await Promise.resolve();
    const { runAttempt, nonce } = manifest;
    const { migrationId, candidateId } = view;
    const found = this.state.find(migrationId, candidateId);
    if (found === undefined) return 'unknown';
    const { migration, stored } = found;
    const before = stored.run;
    if (before?.status === 'running' && before.attempt === runAttempt && before.nonce === nonce)
      return 'applied';
    const key = `${migrationId} ${candidateId}`;
    const isWaiting = this.state.waiting.has(key) && stored.lastAttempt === runAttempt;
    if (stored.lastAttempt >= runAttempt && !isWaiting) return 'closed';
    this.state.waiting.delete(key);
    if (before?.status === 'running') stored.closedNonces.set(before.attempt, before.nonce);
    forgetReservation(stored);
    stored.lastAttempt = runAttempt;
    stored.manifest = structuredClone(manifest);
    const { seq, steps, currentStep, inputs, attention, at, holds } = structuredClone(view);
    if (holds === true) stored.heldOrTold = Date.parse(at);
    else delete stored.heldOrTold;
    const sign = signOf(steps[currentStep]);
    const run: RunRecord = {
      runId: manifest.runId,
      migrationId,
      candidateId,
      status: 'running',
      attempt: runAttempt,
      startedAt: manifest.reservedAt,
      updatedAt: at,
      executionId,
      ...{ seq, steps, currentStep, inputs, nonce },
      ...(attention === undefined ? {} : { attention }),
      ...(sign === undefined ? {} : { lastSignAt: sign }),
      ...(holds === true ? { heldSince: at } : {}),
    };
    const change = {
      before: { status: before?.status ?? 'not_started' },
      after: { status: 'running', attempt: runAttempt },
    };
    unarchive(this.state, migration, by);
    this.state.audit.add(migrationId, 'restore', { candidateId, runAttempt, ...change }, by);
    migration.tally.add(manifest.reservedAt, 'started');
    this.state.write(migration, stored, run, at);
    return 'applied';
  }

  async instance(): Promise<string> {
    return Promise.resolve('this process');
  }

  async notes(): Promise<ReconcileNotes> {
    return Promise.resolve(structuredClone(this.kept));
  }

  async takeNotes(notes: ReconcileNotes): Promise<void> {
    await Promise.resolve();
    this.kept = structuredClone(notes);
  }
}

function headOf(
  migrationId: string,
  { candidate, run, lastAttempt }: StoredRun,
  isWaiting: boolean,
): RunHead {
  const { status = 'not_started', attempt = 0, seq = 0, nonce = '', executionId, startedAt } = run ?? {};
  return {
    migrationId,
    candidateId: candidate.id,
    status,
    runAttempt: attempt,
    lastAttempt,
    seq,
    ...(executionId === undefined ? {} : { executionId }),
    ...(startedAt === undefined ? {} : { startedAt }),
    isCancelling: run?.cancel !== undefined,
    isWaiting,
    nonce,
  };
}
