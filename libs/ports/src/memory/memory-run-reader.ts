import {
  currentAttempt,
  MigrationNotFoundError,
  type CancelledAttempt,
  type RunAttempt,
  type RunManifest,
  type RunRecord,
} from '@loom/domain';
import { decodeCursor, encodeCursor, type CursorScope } from '../cursor';
import type { Page, PageRequest } from '../page';
import type { CandidateSnapshot, RunReader } from '../run-store';
import type { MemoryState, StoredRun } from './memory-state';

/** Reads of runs from the memory of one process. */
export class MemoryRunReader implements RunReader {
  constructor(private readonly state: MemoryState) {}

  async snapshot(migrationId: string, candidateId: string): Promise<CandidateSnapshot | undefined> {
    await Promise.resolve();
    const stored = this.state.find(migrationId, candidateId)?.stored;
    if (stored === undefined) return undefined;
    const version = versionOf(stored);
    return stored.run === undefined ? { version } : { version, run: structuredClone(stored.run) };
  }

  async nonce(migrationId: string, candidateId: string, runAttempt: number): Promise<string | undefined> {
    await Promise.resolve();
    const stored = this.state.find(migrationId, candidateId)?.stored;
    if (stored?.run !== undefined && stored.run.attempt > 0 && stored.run.attempt === runAttempt) {
      return stored.run.nonce;
    }
    return stored?.closedNonces.get(runAttempt);
  }

  async manifest(migrationId: string, candidateId: string): Promise<RunManifest | undefined> {
    await Promise.resolve();
    return structuredClone(this.state.find(migrationId, candidateId)?.stored.manifest);
  }

  async runs(migrationId: string, limit: number): Promise<RunRecord[]> {
    await Promise.resolve();
    const stored = [...(this.state.migrations.get(migrationId)?.candidates.values() ?? [])];
    return stored
      .flatMap(({ run }) => (run?.status === 'running' || run?.status === 'completed' ? [run] : []))
      .sort((a, b) => (a.candidateId < b.candidateId ? -1 : 1))
      .slice(0, limit)
      .map((run) => structuredClone(run));
  }

  async cancelledAttempts(
    migrationId: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<CancelledAttempt>> {
    await Promise.resolve();
    const migration = this.state.migrations.get(migrationId);
    if (migration === undefined) throw new MigrationNotFoundError(migrationId);
    const scope: CursorScope = { list: 'cancelledAttempts', of: { migrationId }, key: ['whole'] };
    const before = Number(decodeCursor(scope, cursor)?.[0] ?? migration.cancelled.length);
    const from = Math.max(before - limit, 0);
    const rows = structuredClone(migration.cancelled.slice(from, before).reverse());
    return from > 0 ? { rows, nextCursor: encodeCursor(scope, [from]) } : { rows };
  }

  async attempts(
    migrationId: string,
    candidateId: string,
    { limit, cursor }: PageRequest,
  ): Promise<Page<RunAttempt> | undefined> {
    await Promise.resolve();
    const scope: CursorScope = { list: 'attempts', of: { migrationId, candidateId }, key: ['whole'] };
    const below = Number(decodeCursor(scope, cursor)?.[0] ?? Infinity);
    const found = this.state.find(migrationId, candidateId);
    if (found === undefined) return undefined;
    const { run } = found.stored;
    const current = run === undefined ? undefined : currentAttempt(run);
    const ended = [...(found.migration.ended.get(candidateId) ?? [])].reverse();
    const all = [...(current === undefined ? [] : [current]), ...ended];
    const rest = all.filter(({ attempt }) => attempt < below);
    const rows = structuredClone(rest.slice(0, limit));
    const last = rows.at(-1);
    return rest.length > limit && last !== undefined
      ? { rows, nextCursor: encodeCursor(scope, [last.attempt]) }
      : { rows };
  }
}

/** Changes with the candidate, and with the inputs that a reservation would take over. */
export function versionOf({ version, inputsVersion, run }: StoredRun): string {
  return run?.status === 'queued' ? `${version}.${inputsVersion}` : `${version}`;
}
