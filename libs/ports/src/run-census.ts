import type { AuditContext, CandidateStatus, RunManifest } from '@loom/domain';
import type { RunProjection } from './run-ledger';

/** Where a candidate stands, without its plan. */
export interface RunHead {
  migrationId: string;
  candidateId: string;
  status: CandidateStatus;
  /** Of the current run; 0 where there is none. */
  runAttempt: number;
  /** The highest run attempt number ever taken. */
  lastAttempt: number;
  seq: number;
  /** Absent until the workflow's first act. */
  executionId?: string;
  startedAt?: string;
  isCancelling: boolean;
  /** True while it is not known how its newest attempt stands, since the store had lost it. */
  isWaiting: boolean;
  /** Secret; empty where there is no run. */
  nonce: string;
}

/** A run as the engine proves it. */
export interface RestoredRun {
  manifest: RunManifest;
  executionId: string;
  view: RunProjection;
  by?: AuditContext;
}

/** What the reconciliation notes from one tick to the next. All of it may be lost: then it begins anew. */
export interface ReconcileNotes {
  /** Where each of its walks over the fleet goes on; absent: from the beginning. */
  cursors: Readonly<Record<string, string>>;
  /** `RunCensus.instance` at that time. */
  instance?: string;
}

/** What the reconciliation compares with the engine, and how it brings back what the store has lost. */
export interface RunCensus {
  /**
   * A page of all running candidates of all migrations, by their ids; costs the page. It may be shorter than `limit`, or
   * empty, and still have a next one.
   */
  running(page: { limit: number; cursor?: string }): Promise<{ heads: RunHead[]; nextCursor?: string }>;
  /** In the order asked; undefined where the migration or the candidate is unknown. */
  heads(runs: readonly { migrationId: string; candidateId: string }[]): Promise<(RunHead | undefined)[]>;
  /**
   * → running, as the engine proves it, where the store knows no such attempt yet: its numbers end below that one.
   * `closed`: it does, and the attempt is over, or another's. Repeats answer `applied`. `unknown`: submit the candidate.
   * A migration of which something runs is no longer archived.
   */
  restore(run: RestoredRun): Promise<'applied' | 'closed' | 'unknown'>;
  /** Changes whenever the store's process does, which may have come back with less than it had. */
  instance(): Promise<string>;
  notes(): Promise<ReconcileNotes>;
  takeNotes(notes: ReconcileNotes): Promise<void>;
}
