import type { AttentionKind, CandidateRow, Counts, SilentStatus } from '@loom/domain';
import type { Page, PageRequest } from './page';

export interface AttentionRequest extends PageRequest {
  /** Wanted kinds; absent: all. */
  kinds?: readonly AttentionKind[];
}

export interface AttentionItem {
  migrationId: string;
  row: CandidateRow;
}

export interface AttentionPage extends Page<AttentionItem> {
  /** Of all migrations, whatever kinds are wanted. */
  counts: Pick<Counts, 'attention' | 'attentionByKind'>;
}

/** Which steps are asked after: those of which nothing was heard since these times (ISO 8601); absent: none. */
export type SilentSince = Partial<Record<SilentStatus, string>>;

/** Candidates of all migrations in which a person must act. */
export interface AttentionQueue {
  /**
   * The longest waiting first; ties by migration, then candidate. A row that has changed while the page was made may be
   * missing from it. Costs the page, and a little for each migration in which something waits.
   * @throws InvalidRequestError on a bad cursor
   */
  list(request: AttentionRequest): Promise<AttentionPage>;
  /**
   * Turns candidates to `stale` whose current step has been silent for too long, the longest silent first: only where
   * the run waits for a migrator (`waitsAs`), and its step has no deadline of its own. The next sign of life takes it
   * back. Bounded for each migration: answers how many it were, and goes on with the others when it is called again.
   */
  markStale(silent: SilentSince, at: string): Promise<number>;
}
