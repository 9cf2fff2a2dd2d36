import {
  LIMITS,
  RunNotFoundError,
  runId,
  type CancelledAttempt,
  type CandidateRow,
  type Migration,
  type RunRecord,
} from '@loom/domain';
import type {
  AttentionPage,
  AttentionRequest,
  CandidatePage,
  CandidateQuery,
  Facet,
  MigrationQuery,
  Page,
  PageRequest,
} from '@loom/ports';
import type { CandidateAddress, ServiceDeps } from './deps';
import { candidateOf, migrationOf } from './lookup';

/** What a migration may be read together with: the first 1,000 of each. */
export type MigrationInclude = 'candidateRuns' | 'cancelledAttempts';

/** Rows of an export that are in memory at once. */
const EXPORT_PAGE = 500;

export interface MigrationView {
  migration: Migration;
  candidateRuns?: RunRecord[];
  cancelledAttempts?: CancelledAttempt[];
}

type ReadDeps = Pick<ServiceDeps, 'migrations' | 'candidates' | 'reader' | 'attention'>;

/** Reads from the store alone: none writes, and none asks the engine. */
export function createReads(deps: ReadDeps) {
  return {
    listMigrations: (query: MigrationQuery): Promise<Page<Migration>> => deps.migrations.list(query),

    async getMigration(migrationId: string, include: readonly MigrationInclude[]): Promise<MigrationView> {
      const migration = await migrationOf(deps, migrationId);
      const limit = LIMITS.pageMax;
      const [runs, attempts] = await Promise.all([
        include.includes('candidateRuns') ? deps.reader.runs(migrationId, limit) : undefined,
        include.includes('cancelledAttempts')
          ? deps.reader.cancelledAttempts(migrationId, { limit })
          : undefined,
      ]);
      return {
        migration,
        ...(runs === undefined ? {} : { candidateRuns: runs }),
        ...(attempts === undefined ? {} : { cancelledAttempts: attempts.rows }),
      };
    },

    listCandidates: (migrationId: string, query: CandidateQuery): Promise<CandidatePage> =>
      deps.candidates.list(migrationId, query),

    /** All that match, a page at a time: the next one is read when it is asked for. */
    async *candidatePages(
      migrationId: string,
      filter: Omit<CandidateQuery, 'limit' | 'cursor'>,
    ): AsyncGenerator<CandidateRow[]> {
      let page: CandidatePage | undefined;
      do {
        const cursor = page?.nextCursor === undefined ? {} : { cursor: page.nextCursor };
        page = await deps.candidates.list(migrationId, { ...filter, ...cursor, limit: EXPORT_PAGE });
        yield page.rows;
      } while (page.nextCursor !== undefined);
    },

    facets: (migrationId: string, keys: readonly string[]): Promise<Facet[]> =>
      deps.candidates.facets(migrationId, keys),

    listAttention: (request: AttentionRequest): Promise<AttentionPage> => deps.attention.list(request),

    getCandidate: (address: CandidateAddress): Promise<CandidateRow> => candidateOf(deps, address),

    /** The run whose steps are to be shown. @throws RunNotFoundError while the candidate is not_started or queued */
    async getRun(address: CandidateAddress): Promise<RunRecord> {
      const { run } = await candidateOf(deps, address);
      if (run === undefined || run.status === 'queued')
        throw new RunNotFoundError(runId(address.migrationId, address.candidateId));
      return run;
    },

    cancelledAttempts: (migrationId: string, page: PageRequest): Promise<Page<CancelledAttempt>> =>
      deps.reader.cancelledAttempts(migrationId, page),
  };
}
