import type { AuditContext, CancelledAttempt, RunAttempt, RunManifest, RunRecord } from '@loom/domain';
import type { Page, PageRequest } from './page';

/** A caller's idempotency key with a digest of what it asked for; kept 24 h beside what it caused. */
export interface Idempotency {
  /** Principal and key, already joined so that principals never share keys. */
  key: string;
  /** Digest of operation, target and body. */
  fingerprint: string;
}

/** The version that no candidate has. */
export const NO_VERSION = '';

/**
 * What a reservation is built from. `definitionRevision` and `candidateVersion` are those that the caller read:
 * the write happens only if both still hold, so the manifest is exactly what stood in the store at that moment.
 */
export interface ReservationDraft {
  manifest: Omit<RunManifest, 'runAttempt'>;
  definitionRevision: number;
  /**
   * Of `CandidateSnapshot.version`; `NO_VERSION` where what was read forbids the start: then nothing is reserved, and none of
   * the places that are left is taken while the store says why, or finds a repeat.
   */
  candidateVersion: string;
  /** `execute` demands queued; `start` takes not_started too. */
  from: 'queued' | 'not_started_or_queued';
  /** The number to begin with, of an admin; taken only where the store has lost it. */
  firstAttempt?: number;
  idempotency?: Idempotency;
  by?: AuditContext;
  /** True while dispatch of all migrations is paused, which the migration itself does not know. */
  isPaused?: boolean;
}

/** Why a conditional write was not made; `run` is what stands there (absent: the candidate is not_started). */
export type Refusal =
  | { outcome: 'refused'; because: 'status'; run?: RunRecord }
  /** No such migration or candidate. */
  | { outcome: 'refused'; because: 'unknown' }
  /** The definition or the candidate changed since it was read: read again and repeat. */
  | { outcome: 'refused'; because: 'changed' }
  /** The store may have lost this run, and it is not known yet how it stands. */
  | { outcome: 'refused'; because: 'undetermined' }
  /** The store has lost the attempt number, and the engine does not know it. */
  | { outcome: 'refused'; because: 'attempt_unknown' }
  /** A `firstAttempt` was given, and the number is known. */
  | { outcome: 'refused'; because: 'attempt_known' }
  /** The migration is archived: nothing of it is queued, and nothing starts. */
  | { outcome: 'refused'; because: 'archived' }
  /** Dispatch is paused: nothing starts. */
  | { outcome: 'refused'; because: 'paused' }
  /** As many are running as the migration, or all together, may have. */
  | { outcome: 'refused'; because: 'run_limit' }
  /** The idempotency key was used before for something else. */
  | { outcome: 'refused'; because: 'idempotency_mismatch' };

/**
 * This idempotency key already did its work; `attempt` is the run attempt (of a start) or step attempt (of a retry),
 * `runAttempt` the run attempt that it was done in (0: none had begun). A step attempt means nothing in another one.
 */
export interface Repeated {
  outcome: 'repeated';
  attempt: number;
  runAttempt: number;
}

export interface QueueRequest {
  migrationId: string;
  candidateId: string;
  inputs: Record<string, string>;
  at: string;
  idempotency?: Idempotency;
  by?: AuditContext;
}

export interface CancelCommand {
  migrationId: string;
  candidateId: string;
  at: string;
  /** With the reason, if there is one. */
  by: AuditContext;
}

export interface ResetCommand {
  migrationId: string;
  candidateId: string;
  at: string;
  /** With the reason. */
  by: AuditContext;
}

export interface RetryClaim {
  migrationId: string;
  candidateId: string;
  stepName: string;
  /** The failed step attempt meant; absent = the current one. */
  attempt?: number;
  idempotency: Idempotency;
}

/** Which failed step attempt, of which run attempt, a retry answers. */
export interface Claimed {
  outcome: 'claimed';
  attempt: number;
  runAttempt: number;
}

/** One step attempt of one run attempt. */
export interface StepAddress {
  migrationId: string;
  candidateId: string;
  runAttempt: number;
  stepIndex: number;
  attempt: number;
}

/** What the API writes of runs, and reads back. Every write is one atomic, conditional script with its audit entry. */
export interface RunStore {
  /** not_started → queued. */
  queue(request: QueueRequest): Promise<{ outcome: 'queued' } | Repeated | Refusal>;
  /** queued → not_started, without a trace but its audit entry. */
  dequeue(
    migrationId: string,
    candidateId: string,
    at: string,
    by?: AuditContext,
  ): Promise<{ outcome: 'dequeued' } | Refusal>;
  /** queued (or not_started) → running with the next run attempt number. */
  reserve(
    draft: ReservationDraft,
  ): Promise<{ outcome: 'reserved'; manifest: RunManifest } | Repeated | Refusal>;
  /**
   * Undoes a reservation of exactly this attempt, only while no first act was recorded: the candidate is again what
   * it was before (queued with its inputs, or not_started). The attempt number stays used; the idempotency key is
   * forgotten. False: nothing to undo, or a repeat was answered from it already and its caller counts on the run.
   */
  giveBack(manifest: RunManifest, at: string, by?: AuditContext): Promise<boolean>;
  /**
   * Records a cancel of a running candidate (the first one's time, author and reason stay), or ends a queued one at
   * once: not_started, plus a cancelled attempt that takes the next attempt number.
   */
  cancel(
    command: CancelCommand,
  ): Promise<{ outcome: 'recorded'; run: RunRecord } | { outcome: 'ended_queued' } | Refusal>;
  /**
   * completed → not_started. The attempt stays among those that are over, as completed and with its nonce, and its number
   * stays used; what was counted of it stays counted.
   */
  reset(command: ResetCommand): Promise<{ outcome: 'reset' } | Refusal>;
  /** Merges inputs of a queued candidate. A running one is refused (`status`): its workflow numbers its changes. */
  mergeQueuedInputs(
    migrationId: string,
    candidateId: string,
    inputs: Record<string, string>,
    at: string,
    by?: AuditContext,
  ): Promise<{ outcome: 'merged' } | Refusal>;
  /**
   * Remembers an idempotency key of a retry with the step attempt that it answers, of the run attempt that stands
   * there then; refused unless that step attempt is the failed one. Not audited: the retry itself is.
   */
  claimRetry(claim: RetryClaim): Promise<Claimed | Repeated | Refusal>;
  /**
   * Notes a sign of life of the step attempt at which the run stands, though it changes nothing: a report that repeats
   * the last one. Takes `stale` back. Nothing happens for any other step attempt, or when something newer was heard.
   */
  heard(step: StepAddress, at: string): Promise<void>;
}

/** One candidate with all that a use case needs to decide, read together. */
export interface CandidateSnapshot {
  /** Changes whenever discovery changes the candidate. */
  version: string;
  run?: RunRecord;
}

/** Reads of runs by key. */
export interface RunReader {
  snapshot(migrationId: string, candidateId: string): Promise<CandidateSnapshot | undefined>;
  /**
   * The nonce of a run attempt, current or closed (cancelled), so that a late callback can still be told from a forged
   * one; undefined when that attempt never was.
   */
  nonce(migrationId: string, candidateId: string, runAttempt: number): Promise<string | undefined>;
  /** The manifest that the current attempt was reserved with. */
  manifest(migrationId: string, candidateId: string): Promise<RunManifest | undefined>;
  /** Running and completed runs by candidate id, at most `limit`. */
  runs(migrationId: string, limit: number): Promise<RunRecord[]>;
  /** Newest first. Throws MigrationNotFoundError; InvalidRequestError on a bad cursor. */
  cancelledAttempts(migrationId: string, page: PageRequest): Promise<Page<CancelledAttempt>>;
  /**
   * The attempts of one candidate, newest first: that which runs or is completed, then those that are over. Costs the
   * page. Undefined when the migration or the candidate is unknown. Throws InvalidRequestError on a bad cursor.
   */
  attempts(
    migrationId: string,
    candidateId: string,
    page: PageRequest,
  ): Promise<Page<RunAttempt> | undefined>;
}
