import type { AttentionKind, CandidateStatus, Counts, StepState } from '@loom/domain';

/** One change, as it happened in the same atomic write that made it. */
export type ChangeEvent =
  | {
      type: 'candidate';
      migrationId: string;
      candidateId: string;
      status: CandidateStatus;
      attempt?: number;
      attention?: AttentionKind;
      updatedAt: string;
      /** The candidate is no more; `status` is what it was. */
      removed?: true;
    }
  | { type: 'step'; migrationId: string; candidateId: string; runAttempt: number; step: StepState }
  | { type: 'counts'; migrationId: string; counts: Counts };

export interface StreamEntry {
  /** Opaque, ordered within its scope; what Last-Event-ID carries. */
  position: string;
  event: ChangeEvent;
}

export interface StreamBatch {
  entries: StreamEntry[];
  /** Read on from here; equals the request's when nothing came. */
  position: string;
  /** True when `after` is no longer held: entries were missed, the reader must start anew. */
  gap: boolean;
}

/** One migration's changes, or those of all. */
export type StreamScope = { migrationId: string } | 'all';

/** The store's own stream of changes: every api replica reads the same. */
export interface EventStream {
  /** The newest position, to read on from. */
  position(scope: StreamScope): Promise<string>;
  /**
   * Entries after `after`, at most `limit`; waits up to `waitMs` for the first. Ends early with what it has when
   * `signal` aborts. Throws InvalidRequestError when `after` is malformed.
   */
  read(
    scope: StreamScope,
    after: string,
    options: { limit: number; waitMs: number; signal: AbortSignal },
  ): Promise<StreamBatch>;
}
