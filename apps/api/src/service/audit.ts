import { InvalidRequestError, LIMITS, type AuditEntry, type RunAttempt } from '@loom/domain';
import type { AuditFilter, AuditQuery, Page, PageRequest } from '@loom/ports';
import type { CandidateAddress, ServiceDeps } from './deps';
import { unknownCandidate } from './lookup';

/** Who did what, and what became of each attempt; from the store alone. */
export function createAudit(deps: Pick<ServiceDeps, 'audit' | 'reader' | 'migrations'>) {
  return {
    /** @throws InvalidRequestError for a candidate without its migration, and on a bad cursor */
    async listAudit(query: AuditQuery): Promise<Page<AuditEntry>> {
      requireMigration(query);
      return deps.audit.list(query);
    },

    /** All entries, newest first, a page at a time as it is asked for; what is written meanwhile is not among them. */
    async *auditPages(filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
      requireMigration(filter);
      let cursor: string | undefined;
      do {
        const page: PageRequest = { limit: LIMITS.pageMax, ...(cursor === undefined ? {} : { cursor }) };
        const { rows, nextCursor } = await deps.audit.list({ ...filter, ...page });
        yield rows;
        cursor = nextCursor;
      } while (cursor !== undefined);
    },

    /** Attempts of one candidate, newest first. @throws MigrationNotFoundError, CandidateNotFoundError */
    async attempts(address: CandidateAddress, page: PageRequest): Promise<Page<RunAttempt>> {
      const attempts = await deps.reader.attempts(address.migrationId, address.candidateId, page);
      if (attempts === undefined) throw await unknownCandidate(deps, address);
      return attempts;
    },
  };
}

function requireMigration({ migrationId, candidateId }: AuditFilter): void {
  if (candidateId === undefined || migrationId !== undefined) return;
  throw new InvalidRequestError('a candidate is known only within its migration', [
    { pointer: 'migrationId', message: 'is required together with candidateId' },
  ]);
}
