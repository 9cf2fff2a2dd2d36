import { parseRunId } from '@loom/domain';
import {
  identifyStore,
  type Clock,
  type ExecutionCatalog,
  type Finding,
  type KnownAttempt,
  type Logger,
  type StoreMemory,
  type Stores,
} from '@loom/ports';
import { rebuild, type Lost } from './rebuild-run';
import { idOf } from './look-for-drift';
import { reconciliation } from './reconciliation';
import type { RepairDeps } from './repair-drift';

export interface RecoverDeps extends RepairDeps, Pick<Stores, 'recovery'> {
  catalog: ExecutionCatalog;
  memory: StoreMemory;
  clock: Clock;
  logger: Logger;
  newId: () => string;
}

/** Where the scan of all executions goes on; `isDone` after its last page. */
export interface Scan {
  cursor?: string;
  runs: number;
  isDone: boolean;
}

/** What is left to be rebuilt, and what was. */
export interface Rebuilt {
  findings: Finding[];
  waiting: number;
}

/** Of one activity, well inside its time, also when the last calls run into their own deadlines. */
const WORK_MS = 12_000;
const PAGE = 1000;
const LOST = reconciliation('the store has lost its data');
/** Runs that one call rebuilds at most: each may cost a worker the replay of a history. */
const REBUILDS = 200;
/** Rebuilt at once: each mostly waits for answers. */
const AT_ONCE = 8;

/** Brings a store that has lost its data to what Temporal can prove. */
export function createRecoverActivities(deps: RecoverDeps) {
  const { recovery, catalog, memory, clock, logger } = deps;
  return {
    /** `lost`: the store's id is gone, or is another than Temporal remembers. Attempts may not begin before the end. */
    async checkStore(): Promise<'sound' | 'lost'> {
      const state = await identifyStore(deps);
      if (state === 'sound') {
        await recovery.settleAll();
        return 'sound';
      }
      // One with another id holds data of other runs, or from before a loss.
      await recovery.distrust();
      logger.error('the store has lost its data; attempts may begin when their numbers are known again');
      return 'lost';
    },

    /** Numbers of all runs that Temporal knows, a few pages. A memo never changes, so that what a list tells is proof. */
    async restoreAttempts(scan: Scan): Promise<Scan> {
      const end = Date.now() + WORK_MS;
      let { cursor, runs } = scan;
      do {
        const page = await catalog.list({
          only: 'all',
          limit: PAGE,
          ...(cursor === undefined ? {} : { cursor }),
        });
        const byMigration = new Map<string, KnownAttempt[]>();
        for (const { runId, runAttempt, isOpen } of page.executions) {
          const address = parseRunId(runId);
          if (address === undefined) continue;
          const known = byMigration.get(address.migrationId) ?? [];
          known.push({ candidateId: address.candidateId, runAttempt, isOpen });
          byMigration.set(address.migrationId, known);
        }
        for (const [migrationId, known] of byMigration)
          await recovery.raiseAttempts(migrationId, known, LOST);
        runs += page.executions.length;
        cursor = page.nextCursor;
      } while (cursor !== undefined && Date.now() < end);
      return { runs, isDone: cursor === undefined, ...(cursor === undefined ? {} : { cursor }) };
    },

    /** The store gets the id that Temporal remembers; from now on attempts begin whose numbers are known. */
    async finishRecovery(runs: number): Promise<void> {
      const id = await memory.remembered();
      if (id === undefined) throw new Error('Temporal no longer remembers a store');
      await recovery.adopt(id, clock.now());
      await recovery.settleAll();
      logger.warn('the attempt numbers that Temporal knows are restored', { executions: runs });
    },

    /** Runs whose migration is announced again and which wait to be known are put back as their workflows prove them. */
    async rebuildRuns(): Promise<Rebuilt> {
      const end = Date.now() + WORK_MS;
      const { runs, total } = await recovery.waiting(REBUILDS);
      const findings: Finding[] = [];
      const left = runs.values();
      const work = async (): Promise<void> => {
        for (const run of left) {
          if (Date.now() > end) break;
          const finding = await rebuildOne(deps, run);
          if (finding !== undefined) findings.push(finding);
          if (finding === undefined || finding.did === 'reported')
            await recovery.postpone(run.migrationId, run.candidateId);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      const done = findings.filter(({ did }) => did !== 'reported').length;
      return { findings, waiting: total - done };
    },
  };
}

/** Undefined where it could not be done. */
async function rebuildOne(deps: RecoverDeps, run: Lost): Promise<Finding | undefined> {
  try {
    const finding = await rebuild(deps, run);
    deps.logger.warn('a run was lost with the store', { ...finding });
    return finding;
  } catch (error) {
    deps.logger.error('a lost run could not be rebuilt; a later tick tries again', {
      runId: idOf(run),
      error,
    });
    return undefined;
  }
}
