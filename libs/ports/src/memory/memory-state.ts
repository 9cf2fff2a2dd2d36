import {
  waitsAs,
  type AttentionKind,
  type Archived,
  type CancelledAttempt,
  type Candidate,
  type CandidateRow,
  type CandidateStatus,
  type Counts,
  type MigrationDefinition,
  type Pause,
  type RunAttempt,
  type RunManifest,
  type RunRecord,
  type Unreachable,
} from '@loom/domain';
import type { ChangeEvent } from '../event-stream';
import type { StoreIdentity } from '../store-recovery';
import type { Idempotency, Refusal, Repeated } from '../run-store';
import { MemoryAudit } from './memory-audit';
import { MemoryStream } from './memory-stream';
import type { MemoryTally } from './memory-tally';

/** How long an idempotency key is kept. */
const IDEMPOTENCY_MS = 24 * 60 * 60 * 1000;

export interface StoredRun {
  candidate: Candidate;
  /** Grows whenever discovery changes the candidate. */
  version: number;
  /** Grows with each change of the inputs kept while queued. */
  inputsVersion: number;
  updatedAt: string;
  /** The highest run attempt number ever taken. */
  lastAttempt: number;
  run?: RunRecord;
  manifest?: RunManifest;
  /** What a give-back restores; absent when the reservation was made from not_started. */
  queuedRun?: RunRecord;
  /** Key of the reservation, forgotten on a give-back. */
  idempotencyKey?: string;
  /** A repeat was answered from the reservation, which therefore stays. */
  repeated?: true;
  /** Nonces of settled attempts. */
  closedNonces: Map<number, string>;
  /** While the run is held: since when, or when it was told last, in ms. */
  heldOrTold?: number;
}

export interface StoredMigration {
  definition: MigrationDefinition;
  revision: number;
  createdAt: string;
  updatedAt: string;
  lastAnnouncedAt: string;
  candidates: Map<string, StoredRun>;
  counts: Counts;
  /** What each of the newest discoveries submitted; the one last heard of stands last. */
  discoveries: Map<string, Set<StoredRun>>;
  /** What outlives removed candidates, by id. */
  removed: Map<string, Pick<StoredRun, 'lastAttempt' | 'closedNonces'>>;
  /** Metadata keys that are indexed, in the order seen. */
  indexedKeys: string[];
  /** Oldest first. */
  cancelled: CancelledAttempt[];
  /** Attempts that are over, by candidate, oldest first. */
  ended: Map<string, RunAttempt[]>;
  idempotency: Map<string, { fingerprint: string; attempt: number; runAttempt: number; until: number }>;
  stream: MemoryStream;
  tally: MemoryTally;
  /**
   * How the first attempts of its candidates are numbered: from 1 when absent, else from that number. `unsettled`: not
   * known yet whether the store had lost it. `unknown`: it had.
   */
  attempts?: 'unsettled' | 'unknown' | number;
  archived?: Archived;
  pause?: Pause;
  /** When a pause of it ended last. */
  resumedAt?: string;
  maxRunning?: number;
}

/** What all memory stores share: the whole state of one process. */
export class MemoryState {
  readonly migrations = new Map<string, StoredMigration>();
  readonly migratorUrls = new Map<string, string>();
  readonly announcedAt = new Map<string, string>();
  readonly unreachable = new Map<string, Unreachable>();
  readonly stream: MemoryStream;
  readonly audit: MemoryAudit;
  identity: StoreIdentity = { id: 'memory' };
  /** Counters of candidates that are not known (any more), by `migration candidate`. */
  readonly lastAttempts = new Map<string, number>();
  /** Candidates of which it is not known how their newest attempt stands. */
  readonly waiting = new Map<string, number>();
  /** Of all migrations. */
  pause?: Pause;
  resumedAt?: string;
  maxRunning?: number;

  constructor(readonly options: { now: () => number; streamLength: number }) {
    this.stream = new MemoryStream(options.streamLength);
    this.audit = new MemoryAudit(options.now);
  }

  find(
    migrationId: string,
    candidateId: string,
  ): { migration: StoredMigration; stored: StoredRun } | undefined {
    const migration = this.migrations.get(migrationId);
    const stored = migration?.candidates.get(candidateId);
    return migration === undefined || stored === undefined ? undefined : { migration, stored };
  }

  /** Like `find`, for the run attempt that a write names while it is running. */
  findRunning(migrationId: string, candidateId: string, runAttempt: number) {
    const found = this.find(migrationId, candidateId);
    const run = found?.stored.run;
    if (found === undefined || run?.status !== 'running' || run.attempt !== runAttempt) return undefined;
    return { ...found, run };
  }

  /** Running candidates of all migrations. */
  running(): number {
    return [...this.migrations.values()].reduce((sum, { counts }) => sum + counts.running, 0);
  }

  /** As many are running as may be. */
  isFull({ counts, maxRunning = Infinity }: StoredMigration): boolean {
    return counts.running >= maxRunning || this.running() >= (this.maxRunning ?? Infinity);
  }

  /** Does nothing while the store has no id, or where the migration is settled. */
  settle(migration: StoredMigration): void {
    if (migration.attempts !== 'unsettled' || this.identity.id === undefined) return;
    if (this.identity.lostAt === undefined) delete migration.attempts;
    else migration.attempts = 'unknown';
  }

  /** The number of the next attempt, or why there is none. `first`: where nobody knows it, an admin says this. */
  nextAttempt(
    { attempts, definition }: StoredMigration,
    { lastAttempt, candidate }: StoredRun,
    first?: number,
  ): number | 'undetermined' | 'attempt_unknown' | 'attempt_known' {
    const isWaiting = this.waiting.has(`${definition.id} ${candidate.id}`);
    const isUnknown = isWaiting || (attempts === 'unknown' && lastAttempt === 0);
    if (first !== undefined) return isUnknown ? Math.max(first, lastAttempt + 1) : 'attempt_known';
    if (attempts === 'unsettled' || isWaiting) return 'undetermined';
    if (isUnknown) return 'attempt_unknown';
    return lastAttempt === 0 && typeof attempts === 'number' ? attempts : lastAttempt + 1;
  }

  emit(migration: StoredMigration, event: ChangeEvent): void {
    migration.stream.add(event);
    this.stream.add(event);
  }

  emitCounts(migration: StoredMigration): void {
    this.emit(migration, {
      type: 'counts',
      migrationId: migration.definition.id,
      counts: structuredClone(migration.counts),
    });
  }

  /** Puts a run in place of what stood there (undefined: not_started), with counts and the stream. */
  write(migration: StoredMigration, stored: StoredRun, run: RunRecord | undefined, at: string): void {
    const before = standingOf(stored);
    if (run?.attention?.kind === 'stale' && waitsAs(run) === undefined) delete run.attention;
    if (run === undefined) delete stored.run;
    else stored.run = run;
    stored.updatedAt = at;
    const after = standingOf(stored);
    migration.counts[before.status] -= 1;
    migration.counts[after.status] += 1;
    for (const [{ attention }, by] of [
      [before, -1],
      [after, 1],
    ] as const) {
      if (attention === undefined) continue;
      migration.counts.attention += by;
      migration.counts.attentionByKind[attention] += by;
    }
    this.emit(migration, {
      type: 'candidate',
      migrationId: migration.definition.id,
      candidateId: stored.candidate.id,
      status: after.status,
      ...(run === undefined || run.attempt === 0 ? {} : { attempt: run.attempt }),
      ...(run?.attention === undefined ? {} : { attention: run.attention.kind }),
      updatedAt: at,
    });
    if (before.status === after.status && before.attention === after.attention) return;
    migration.tally.keepCounts(migration.counts, at);
    this.emitCounts(migration);
  }

  /** Keeps an attempt that is over; it belongs to the store from here on. */
  archive(migration: StoredMigration, candidateId: string, attempt: RunAttempt): void {
    const ended = migration.ended.get(candidateId) ?? [];
    migration.ended.set(candidateId, [...ended, attempt]);
  }

  /** What is known of an idempotency key; undefined when it is new. */
  recall(
    migration: StoredMigration,
    idempotency: Idempotency | undefined,
  ): Repeated | Extract<Refusal, { because: 'idempotency_mismatch' }> | undefined {
    if (idempotency === undefined) return undefined;
    const kept = migration.idempotency.get(idempotency.key);
    if (kept === undefined || kept.until <= this.options.now()) return undefined;
    return kept.fingerprint === idempotency.fingerprint
      ? { outcome: 'repeated', attempt: kept.attempt, runAttempt: kept.runAttempt }
      : { outcome: 'refused', because: 'idempotency_mismatch' };
  }

  remember(
    migration: StoredMigration,
    idempotency: Idempotency | undefined,
    attempt: number,
    runAttempt: number,
  ): void {
    if (idempotency === undefined) return;
    const { key, fingerprint } = idempotency;
    const until = this.options.now() + IDEMPOTENCY_MS;
    migration.idempotency.set(key, { fingerprint, attempt, runAttempt, until });
  }
}

function standingOf({ run }: StoredRun): { status: CandidateStatus; attention: AttentionKind | undefined } {
  return { status: run?.status ?? 'not_started', attention: run?.attention?.kind };
}

/** A copy of the row, so that callers never share state with the store. */
export function rowOf(stored: StoredRun): CandidateRow {
  return structuredClone({
    candidate: stored.candidate,
    status: stored.run?.status ?? 'not_started',
    updatedAt: stored.updatedAt,
    ...(stored.run === undefined ? {} : { run: stored.run }),
  });
}
