import { runId, type RunRecord } from '@loom/domain';
import type { CancelCommand, Refusal } from '../run-store';
import { refusedBy } from './memory-runs';
import type { MemoryState, StoredMigration, StoredRun } from './memory-state';

type Cancelled = { outcome: 'recorded'; run: RunRecord } | { outcome: 'ended_queued' } | Refusal;

/** Ends a queued candidate, or records the wish to end a running one; undefined when nobody knows it. */
export function cancelCandidate(state: MemoryState, command: CancelCommand): Cancelled | undefined {
  const found = state.find(command.migrationId, command.candidateId);
  if (found === undefined) return undefined;
  const { migration, stored } = found;
  if (stored.run?.status === 'queued') return endQueued(state, command, migration, stored);
  if (stored.run?.status !== 'running') return refusedBy(stored);
  if (stored.run.cancel !== undefined) return { outcome: 'recorded', run: structuredClone(stored.run) };
  const { migrationId, candidateId, at, by } = command;
  const { attempt } = stored.run;
  const run = { ...stored.run, cancel: { at, ...authorOf(command) }, updatedAt: at };
  const before = { status: 'running', attempt };
  const change = { before, after: { ...before, cancelRequested: true } };
  state.audit.add(migrationId, 'cancel', { candidateId, runAttempt: attempt, ...change }, by);
  state.write(migration, stored, run, at);
  return { outcome: 'recorded', run: structuredClone(run) };
}

/** A queued run uses up a number, so that its cancelled attempt is told apart from all others. */
function endQueued(
  state: MemoryState,
  command: CancelCommand,
  migration: StoredMigration,
  stored: StoredRun,
): Cancelled {
  const { migrationId, candidateId, at } = command;
  const attempt = state.nextAttempt(migration, stored);
  if (typeof attempt === 'string') return { outcome: 'refused', because: attempt };
  stored.lastAttempt = attempt;
  const { by, ...why } = authorOf(command);
  const ended = { candidateId, attempt, cancelledBy: by, ...why, steps: [] };
  migration.cancelled.push({ runId: runId(migrationId, candidateId), cancelledAt: at, ...ended });
  state.write(migration, stored, undefined, at);
  const end = { attempt, endedAt: at, cancelledBy: by, ...why, steps: [] };
  state.archive(migration, candidateId, { ...end, outcome: 'cancelled' });
  const change = { before: { status: 'queued' }, after: { status: 'not_started', attempt } };
  state.audit.add(migrationId, 'cancel', { candidateId, runAttempt: attempt, ...change }, command.by);
  return { outcome: 'ended_queued' };
}

function authorOf({ by: { actor, reason } }: CancelCommand): { by: string; reason?: string } {
  return { by: actor.id, ...(reason === undefined ? {} : { reason }) };
}
