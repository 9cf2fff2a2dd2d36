import type { CandidatePage, CandidateQuery, CandidateSort } from '../candidate-store';
import { decodeCursor, encodeCursor, type CursorKey, type CursorScope } from '../cursor';
import { notIndexed } from '../indexed-keys';
import { rowOf, type StoredMigration, type StoredRun } from './memory-state';
import { ownValue } from './own-value';

/**
 * One page of a migration's candidates, as the port describes it.
 * @throws InvalidRequestError
 */
export function pageOf(migration: StoredMigration, query: CandidateQuery): CandidatePage {
  for (const key of Object.keys(query.meta ?? {})) {
    if (!migration.indexedKeys.includes(key)) throw notIndexed(`meta[${key}]`, key, migration.indexedKeys);
  }
  const scope = scopeOf(migration.definition.id, query);
  const after = decodeCursor(scope, query.cursor);
  const matching = [...migration.candidates.values()]
    .filter((stored) => matches(stored, query))
    .map((stored) => ({ stored, key: sortKey(query.sort, stored) }))
    .sort((a, b) => compareKeys(a.key, b.key));
  const rest = matching.filter(({ key }) => after === undefined || compareKeys(key, after) > 0);
  const shown = rest.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    rows: shown.map(({ stored }) => rowOf(stored)),
    ...(rest.length > query.limit && last !== undefined ? { nextCursor: encodeCursor(scope, last.key) } : {}),
    total: matching.length,
    totalRelation: 'eq',
    counts: structuredClone(migration.counts),
    streamPosition: migration.stream.position(),
  };
}

function scopeOf(migrationId: string, query: CandidateQuery): CursorScope {
  const { sort, status, kind, q, meta, attention } = query;
  const of = { migrationId, sort, status, kind, q, meta, attention };
  return { list: 'candidates', of, key: sort === 'id' ? ['text'] : ['whole', 'text'] };
}

function matches({ candidate, run }: StoredRun, query: CandidateQuery): boolean {
  const { status, kind, q, meta, attention, sort } = query;
  if (sort === 'attention' && run?.attention === undefined) return false;
  if (status !== undefined && !status.includes(run?.status ?? 'not_started')) return false;
  if (kind !== undefined && (candidate.kind === undefined || !kind.includes(candidate.kind))) return false;
  if (attention !== undefined && (run?.attention === undefined || !attention.includes(run.attention.kind)))
    return false;
  if (q !== undefined && !candidate.id.toLowerCase().includes(q.toLowerCase())) return false;
  return Object.entries(meta ?? {}).every(([key, value]) => ownValue(candidate.metadata, key) === value);
}

function sortKey(sort: CandidateSort, { candidate, run, updatedAt }: StoredRun): CursorKey {
  if (sort === 'id') return [candidate.id];
  const time = sort === 'attention' ? millis(run?.attention?.since) : -millis(updatedAt);
  return [time, candidate.id];
}

function millis(time: string | undefined): number {
  const parsed = Date.parse(time ?? '');
  return Number.isNaN(parsed) ? 0 : parsed;
}

function compareKeys(a: CursorKey, b: CursorKey): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? left;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
