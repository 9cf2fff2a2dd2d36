import {
  LIMITS,
  MigrationNotFoundError,
  type AuditContext,
  type Candidate,
  type CandidateRow,
  type PruneResult,
  type SubmitResult,
} from '@loom/domain';
import type {
  CandidatePage,
  CandidateQuery,
  CandidateStore,
  Facet,
  PruneRequest,
  SubmitAuthor,
} from '../candidate-store';
import { notIndexed, toldValues } from '../indexed-keys';
import { inOrder, storedCandidate } from '../stored-candidate';
import { pageOf } from './memory-candidate-page';
import { rowOf, type MemoryState, type StoredMigration } from './memory-state';
import { markFound, pruneMemory } from './memory-prune';
import { ownValue } from './own-value';

/** Candidates of a slice: an audit entry that a submit has begun stands behind the first one that changes something. */
const SLICE = 25;
/** So many share one `counts` event. */
const TELLING = 1000;

/** Candidates in the memory of one process. */
export class MemoryCandidateStore implements CandidateStore {
  constructor(private readonly state: MemoryState) {}

  async submit(
    migrationId: string,
    given: readonly Candidate[],
    at: string,
    by?: SubmitAuthor,
  ): Promise<SubmitResult> {
    await Promise.resolve();
    const candidates = inOrder(given);
    const migration = this.migrationOf(migrationId);
    const result: SubmitResult = { added: 0, updated: 0, unchanged: 0, preserved: 0 };
    const found = by?.discoveryId === undefined ? {} : { discoveryId: by.discoveryId };
    const tell = (after: Record<string, unknown>) =>
      this.state.audit.add(migrationId, 'submit', { after: { ...after, ...found } }, by);
    let [hasBegun, isQuiet] = [false, false];
    for (let start = 0; start < candidates.length; start += SLICE) {
      const before = result.added + result.updated;
      for (const candidate of candidates.slice(start, start + SLICE)) {
        result[merge(this.state, migration, structuredClone(storedCandidate(candidate)), at)] += 1;
      }
      const [end, isLast] = [start + SLICE, start + SLICE >= candidates.length];
      if (result.added + result.updated > before) {
        migration.tally.keepCounts(migration.counts, at);
        if (!hasBegun && !isLast) tell({ begun: true, candidates: candidates.length });
        hasBegun = isQuiet = true;
      }
      if (isQuiet && (isLast || end % TELLING === 0)) {
        this.state.emitCounts(migration);
        isQuiet = false;
      }
    }
    if (by?.discoveryId !== undefined && by.discoveryId !== '')
      markFound(migration, by.discoveryId, candidates);
    if (hasBegun) tell({ ...result });
    return result;
  }

  async prune(migrationId: string, request: PruneRequest, by?: AuditContext): Promise<PruneResult> {
    await Promise.resolve();
    return pruneMemory(this.state, this.migrationOf(migrationId), request, by);
  }

  async get(migrationId: string, candidateId: string): Promise<CandidateRow | undefined> {
    await Promise.resolve();
    const found = this.state.find(migrationId, candidateId);
    return found === undefined ? undefined : rowOf(found.stored);
  }

  async list(migrationId: string, query: CandidateQuery): Promise<CandidatePage> {
    await Promise.resolve();
    return pageOf(this.migrationOf(migrationId), query);
  }

  async facets(migrationId: string, keys: readonly string[]): Promise<Facet[]> {
    await Promise.resolve();
    const migration = this.migrationOf(migrationId);
    // A metadata key that is called kind could not be told from the field.
    const all = ['kind', ...migration.indexedKeys.filter((key) => key !== 'kind')];
    return (keys.length === 0 ? all : keys).map((key) => {
      if (key !== 'kind' && !migration.indexedKeys.includes(key)) {
        throw notIndexed('keys', key, migration.indexedKeys);
      }
      const counts = new Map<string, number>();
      for (const { candidate } of migration.candidates.values()) {
        const value = key === 'kind' ? candidate.kind : ownValue(candidate.metadata, key);
        if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return { key, ...toldValues([...counts].map(([value, count]) => ({ value, count }))) };
    });
  }

  private migrationOf(migrationId: string): StoredMigration {
    const migration = this.state.migrations.get(migrationId);
    if (migration === undefined) throw new MigrationNotFoundError(migrationId);
    return migration;
  }
}

function merge(
  state: MemoryState,
  migration: StoredMigration,
  candidate: Candidate,
  at: string,
): keyof SubmitResult {
  const known = migration.candidates.get(candidate.id);
  if (known?.run?.status === 'running' || known?.run?.status === 'completed') return 'preserved';
  if (known !== undefined && JSON.stringify(known.candidate) === JSON.stringify(candidate))
    return 'unchanged';
  for (const key of Object.keys(candidate.metadata ?? {})) {
    const { indexedKeys } = migration;
    if (indexedKeys.length < LIMITS.indexedMetadataKeys && !indexedKeys.includes(key)) indexedKeys.push(key);
  }
  if (known !== undefined) {
    Object.assign(known, { candidate, version: known.version + 1, updatedAt: at });
    return 'updated';
  }
  const before = migration.removed.get(candidate.id) ?? {
    lastAttempt: 0,
    closedNonces: new Map<number, string>(),
  };
  migration.removed.delete(candidate.id);
  const key = `${migration.definition.id} ${candidate.id}`;
  migration.candidates.set(candidate.id, {
    candidate,
    version: 1,
    inputsVersion: 0,
    updatedAt: at,
    ...before,
    lastAttempt: Math.max(before.lastAttempt, state.lastAttempts.get(key) ?? 0),
  });
  state.lastAttempts.delete(key);
  migration.counts.not_started += 1;
  migration.counts.total += 1;
  return 'added';
}
