import { currentAttempt } from '@loom/domain';
import type { Refusal, ResetCommand } from '../run-store';
import { refusedBy } from './memory-runs';
import type { MemoryState } from './memory-state';

/** completed → not_started; undefined when the candidate is unknown. */
export function resetCandidate(
  state: MemoryState,
  { migrationId, candidateId, at, by }: ResetCommand,
): { outcome: 'reset' } | Refusal | undefined {
  const found = state.find(migrationId, candidateId);
  if (found === undefined) return undefined;
  const { migration, stored } = found;
  const { run } = stored;
  if (run?.status !== 'completed') return refusedBy(stored);
  const over = currentAttempt(run);
  if (over !== undefined) state.archive(migration, candidateId, over);
  stored.closedNonces.set(run.attempt, run.nonce);
  delete stored.manifest;
  state.write(migration, stored, undefined, at);
  const change = { before: { status: 'completed', attempt: run.attempt }, after: { status: 'not_started' } };
  state.audit.add(migrationId, 'reset', { candidateId, runAttempt: run.attempt, ...change }, by);
  return { outcome: 'reset' };
}
