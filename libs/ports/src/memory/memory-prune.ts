import {
  LIMITS,
  type AuditContext,
  type Candidate,
  type PruneResult,
  type PruneSelection,
} from '@loom/domain';
import type { PruneRequest } from '../candidate-store';
import { emptyDiscovery, unknownDiscovery } from '../prune-problems';
import type { MemoryState, StoredMigration, StoredRun } from './memory-state';

/** Candidates of a slice: so many share one `counts` event. */
const SLICE = 25;

/** Remembers that a discovery submitted these. */
export function markFound(
  { discoveries, candidates: stored }: StoredMigration,
  discoveryId: string,
  candidates: readonly Candidate[],
): void {
  const found = discoveries.get(discoveryId) ?? new Set();
  for (const candidate of candidates.flatMap(({ id }) => stored.get(id) ?? [])) found.add(candidate);
  discoveries.delete(discoveryId);
  discoveries.set(discoveryId, found);
  const [oldest = ''] = discoveries.keys();
  if (discoveries.size > LIMITS.discoveriesKept) discoveries.delete(oldest);
}

/** What the port says of `prune`. */
export function pruneMemory(
  state: MemoryState,
  migration: StoredMigration,
  { selection, at, preview, allowEmpty, most }: PruneRequest,
  by?: AuditContext,
): PruneResult {
  const { selected, unknown, beyond } = select(migration, selection, allowEmpty, most);
  const removable = selected.filter(({ run }) => run === undefined);
  const removed = preview ? [] : removable.slice(0, most);
  for (let start = 0; start < removed.length; start += SLICE) {
    const slice = removed.slice(start, start + SLICE);
    for (const stored of slice) remove(state, migration, stored, at);
    migration.tally.keepCounts(migration.counts, at);
    state.emitCounts(migration);
    const ids = slice.map(({ candidate }) => candidate.id).join(' ');
    const found = 'ids' in selection ? {} : selection;
    state.audit.add(
      migration.definition.id,
      'prune',
      { after: { removed: slice.length, ids, ...found } },
      by,
    );
  }
  const kept = (status: string) => selected.filter(({ run }) => run?.status === status).length;
  return {
    removed: removed.length,
    remaining: removable.length - removed.length + beyond,
    kept: { queued: kept('queued'), running: kept('running'), completed: kept('completed') },
    unknown,
    examples: removable.slice(0, LIMITS.pruneExamples).map(({ candidate }) => candidate.id),
  };
}

function select(migration: StoredMigration, selection: PruneSelection, allowEmpty: boolean, most: number) {
  if ('ids' in selection) {
    const ids = [...new Set(selection.ids)];
    const taken = ids.slice(0, most);
    const selected = taken.flatMap((id) => migration.candidates.get(id) ?? []);
    return { selected, unknown: taken.length - selected.length, beyond: ids.length - taken.length };
  }
  const found = migration.discoveries.get(selection.discoveryId);
  if (found === undefined) throw unknownDiscovery([...migration.discoveries.keys()].reverse());
  if (found.size === 0 && !allowEmpty) throw emptyDiscovery();
  const selected = [...migration.candidates.values()].filter((stored) => !found.has(stored));
  return { selected, unknown: 0, beyond: 0 };
}

function remove(state: MemoryState, migration: StoredMigration, stored: StoredRun, at: string): void {
  const { candidate, lastAttempt, closedNonces } = stored;
  migration.candidates.delete(candidate.id);
  if (lastAttempt > 0) migration.removed.set(candidate.id, { lastAttempt, closedNonces });
  migration.counts.not_started -= 1;
  migration.counts.total -= 1;
  state.emit(migration, {
    type: 'candidate',
    migrationId: migration.definition.id,
    candidateId: candidate.id,
    status: 'not_started',
    updatedAt: at,
    removed: true,
  });
}
