import type {
  AttentionKind,
  AuditContext,
  Candidate,
  CandidateRow,
  CandidateStatus,
  Counts,
  PruneResult,
  PruneSelection,
  SubmitResult,
} from '@loom/domain';
import type { Page, PageRequest } from './page';

/** What a list of candidates is narrowed to; within one field values are alternatives, fields narrow together. */
export interface CandidateFilter {
  status?: CandidateStatus[];
  kind?: string[];
  /** Case-insensitive part of the id. */
  q?: string;
  /** Metadata key → wanted value; only indexed keys. */
  meta?: Record<string, string>;
  attention?: AttentionKind[];
}

/** `id` ascending by bytes; `-updatedAt` newest first; `attention` the longest waiting first, only rows that need it. */
export type CandidateSort = 'id' | '-updatedAt' | 'attention';

export interface CandidateQuery extends CandidateFilter, PageRequest {
  sort: CandidateSort;
}

export interface CandidatePage extends Page<CandidateRow> {
  total: number;
  /** `gte` where only a lower bound is cheap to know. */
  totalRelation: 'eq' | 'gte';
  /** Of the whole migration, unfiltered. */
  counts: Counts;
  /** Position in the migration's event stream at which this page was read. */
  streamPosition: string;
}

export interface Facet {
  key: string;
  values: { value: string; count: number }[];
  /** True when the key has more values than are told. */
  truncated: boolean;
}

/** Who submits, and the discovery that found what is submitted. */
export interface SubmitAuthor extends AuditContext {
  discoveryId?: string;
}

export interface PruneRequest {
  selection: PruneSelection;
  at: string;
  /** Only tells. */
  preview: boolean;
  /** A discovery that submitted nothing selects all; without this it is taken for a mistake. */
  allowEmpty: boolean;
  /** Removes no more than these at once; at least 1. */
  most: number;
}

/** Candidates of migrations: what discovery found, and lists of them with where each stands. */
export interface CandidateStore {
  /**
   * Merges discovered candidates: not_started and queued ones are replaced, running and completed ones preserved;
   * absence deletes nothing. Applied in the order of ids, in slices, each atomic; calling again with the same list is
   * harmless. Which candidates a discovery named is known of the eight last heard of (see `prune`).
   * Audited where it changed something: the first slice that does tells that a submit of several has begun, and the
   * last one the sums.
   * @throws MigrationNotFoundError
   */
  submit(
    migrationId: string,
    candidates: readonly Candidate[],
    at: string,
    by?: SubmitAuthor,
  ): Promise<SubmitResult>;
  /**
   * Removes not_started candidates, in slices, each atomic; a watcher is told of each. Cancelled attempts stay, and a
   * candidate that is submitted again goes on with the next attempt number. Repeat it while some remain.
   * Audited by slices, with the ids of each.
   * @throws MigrationNotFoundError; InvalidRequestError for a discovery that is not known (any more), and for one that
   *   submitted nothing unless `allowEmpty`.
   */
  prune(migrationId: string, request: PruneRequest, by?: AuditContext): Promise<PruneResult>;
  /** Undefined when the migration or the candidate is unknown. */
  get(migrationId: string, candidateId: string): Promise<CandidateRow | undefined>;
  /**
   * A page; costs the page, not the fleet.
   * @throws MigrationNotFoundError; InvalidRequestError on a bad cursor or a metadata key that is not indexed (named).
   */
  list(migrationId: string, query: CandidateQuery): Promise<CandidatePage>;
  /**
   * Values with counts of `kind` or indexed metadata keys; without keys, of all of them, in the order seen.
   * @throws MigrationNotFoundError; InvalidRequestError for another key (naming the indexed ones).
   */
  facets(migrationId: string, keys: readonly string[]): Promise<Facet[]>;
}
