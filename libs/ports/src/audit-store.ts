import type { AuditAction, AuditContext, AuditEntry } from '@loom/domain';
import type { Page, PageRequest } from './page';

/** A change that no script of its own writes, since it is only handed to a workflow. */
export interface AuditDraft extends AuditContext {
  action: AuditAction;
  migrationId: string;
  candidateId: string;
  runAttempt: number;
  before?: Record<string, unknown>;
  after?: Record<string, unknown>;
}

/** Fields narrow together. */
export interface AuditFilter {
  migrationId?: string;
  /** Only together with `migrationId`. */
  candidateId?: string;
  /** Id of an actor. */
  actor?: string;
  action?: AuditAction;
  /** ISO 8601; entries of this time or later. */
  since?: string;
  /** ISO 8601; entries of this time or earlier. */
  until?: string;
}

export interface AuditQuery extends AuditFilter, PageRequest {}

/**
 * The append-only log of every mutation. Every other store writes the entry of a change in the change's own atomic
 * write (author: its argument `by`; the actor `system` where that is absent), so that neither exists without the other.
 */
export interface AuditStore {
  /** Appends one entry. False when the candidate is unknown. */
  append(draft: AuditDraft): Promise<boolean>;
  /**
   * Entries, newest first. Of one candidate and of one migration in the order written; of all migrations in the order
   * in which they arrived there, which follows a moment later. A page looks at a bounded number of entries: it may be
   * short, or empty, and still have a `nextCursor`.
   * @throws InvalidRequestError on a bad cursor.
   */
  list(query: AuditQuery): Promise<Page<AuditEntry>>;
}
