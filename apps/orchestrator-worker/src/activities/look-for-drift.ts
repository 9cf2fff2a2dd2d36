import { parseRunId, runId as runIdOf } from '@loom/domain';
import type {
  Clock,
  ExecutionCatalog,
  ExecutionEngine,
  ListedExecution,
  Logger,
  RunHead,
  Stores,
} from '@loom/ports';
import { isSettledRunning, judgeOpen, judgeRunning, type Suspect } from './drift';

export interface LookDeps extends Pick<Stores, 'census'> {
  engine: ExecutionEngine;
  catalog: ExecutionCatalog;
  clock: Clock;
  logger: Logger;
}

/** Where each walk goes on; a walk that is not in it is at its end. */
export interface Walks {
  /** Running candidates whose workflow is looked for. */
  running?: string;
  /** Open workflows whose candidate is looked for. */
  open?: string;
  /** Running candidates whose view is compared with the workflow's. */
  views?: string;
}

export interface Look {
  suspects: Suspect[];
  /** Of a whole look: what is left of it. */
  left?: Walks;
  /** How many runs were compared. */
  compared: number;
}

/** Of one activity, well inside its time, also when the last call runs into its own deadline. */
const WORK_MS = 12_000;
/** Suspects of one look: the workflow carries them, and their repair has to fit into a tick. */
const MOST_SUSPECTS = 100;
/** Run ids in one question to the list of open executions, and questions of one tick: they are rate-limited. */
const CHUNK = 100;
const CHUNKS = 20;
/** Open executions that one call lists, and calls of one tick. */
const PAGE = 1000;
const PAGES = 5;
/** Workflows that a tick asks how far they are: each answer may cost a worker the replay of a history. */
const VIEWS = 40;
const AT_ONCE = 8;
/** Where nobody answers for a workflow, the others are likely to be silent too. */
const MOST_SILENT = 3;

/** One budgeted look at a part of the fleet, which goes on where the look before ended. It changes nothing. */
export function createLookActivities(deps: LookDeps) {
  return {
    /**
     * `from`: a whole look, from there on ({} = from the beginning) until nothing is left. Without it, the share of a
     * tick: the whole fleet's turn comes round. `isNew`: the store has come back from a restart since the last tick.
     */
    async lookForDrift(from?: Walks): Promise<Look> {
      const { census } = deps;
      const notes = await census.notes();
      const walks: Walks = from ?? notes.cursors;
      const whole = from !== undefined;
      const begins = Object.keys(walks).length === 0;
      const run = createRun(deps);
      const left: Walks = {};
      if (!whole || begins || walks.running !== undefined)
        Object.assign(left, kept('running', await run.running(walks.running)));
      if (!whole || begins || walks.open !== undefined)
        Object.assign(left, kept('open', await run.open(walks.open)));
      if (!whole || begins || walks.views !== undefined)
        Object.assign(left, kept('views', await run.views(walks.views)));
      if (!whole) await census.takeNotes({ ...notes, cursors: { ...left } });
      const more = whole && Object.keys(left).length > 0 ? { left } : {};
      return { suspects: run.suspects, compared: run.compared(), ...more };
    },

    /** True once after each restart of the store, which may have come back with less than it had. */
    async storeWasRestarted(): Promise<boolean> {
      const [notes, instance] = await Promise.all([deps.census.notes(), deps.census.instance()]);
      if (notes.instance === instance) return false;
      await deps.census.takeNotes({ ...notes, instance });
      return notes.instance !== undefined;
    },
  };
}

function kept(name: keyof Walks, cursor: string | undefined): Walks {
  return cursor === undefined ? {} : { [name]: cursor };
}

function createRun({ census, engine, catalog, clock, logger }: LookDeps) {
  const suspects: Suspect[] = [];
  let compared = 0;
  const end = Date.now() + WORK_MS;
  const now = Date.parse(clock.now());
  const isSpent = () => Date.now() > end || suspects.length >= MOST_SUSPECTS;
  const suspect = (kind: Suspect['kind'], head: RunHead): void => {
    const { migrationId, candidateId, runAttempt, seq } = head;
    suspects.push({ kind, migrationId, candidateId, runAttempt, seq });
  };

  async function running(cursor: string | undefined): Promise<string | undefined> {
    let at = cursor;
    for (let chunk = 0; chunk < CHUNKS && !isSpent(); chunk += 1) {
      const { heads, nextCursor } = await census.running({
        limit: CHUNK,
        ...(at === undefined ? {} : { cursor: at }),
      });
      compared += heads.length;
      const old = heads.filter((head) => isSettledRunning(head, now));
      const open = await catalog.openAmong(old.map(idOf));
      for (const head of old.filter((one) => !open.has(idOf(one)))) {
        const look = await catalog.look(idOf(head), head.nonce);
        if (judgeRunning(head, look, undefined).act !== 'nothing' || look?.open !== true)
          suspect('no_workflow', head);
      }
      if (nextCursor === undefined) return undefined;
      at = nextCursor;
    }
    return at;
  }

  async function open(cursor: string | undefined): Promise<string | undefined> {
    let at = cursor;
    for (let page = 0; page < PAGES && !isSpent(); page += 1) {
      const { executions, nextCursor } = await catalog.list({
        only: 'open',
        limit: PAGE,
        ...(at === undefined ? {} : { cursor: at }),
      });
      await compareOpen(executions);
      if (nextCursor === undefined) return undefined;
      at = nextCursor;
    }
    return at;
  }

  async function compareOpen(executions: readonly ListedExecution[]): Promise<void> {
    const runs = executions.flatMap((one) => {
      const address = parseRunId(one.runId);
      return address === undefined ? [] : [{ ...one, ...address }];
    });
    const heads = await census.heads(runs);
    compared += runs.length;
    for (const [index, { runId, runAttempt, migrationId, candidateId }] of runs.entries()) {
      const head = heads[index];
      if (head?.status === 'running' && head.runAttempt === runAttempt) continue;
      if (isSpent()) return;
      if (judgeOpen(head, await catalog.look(runId), now).act === 'nothing') continue;
      suspects.push({ kind: 'no_run', migrationId, candidateId, runAttempt, seq: head?.seq ?? 0 });
    }
  }

  async function views(cursor: string | undefined): Promise<string | undefined> {
    const { heads, nextCursor } = await census.running({
      limit: VIEWS,
      ...(cursor === undefined ? {} : { cursor }),
    });
    const asked = heads.filter((head) => isSettledRunning(head, now));
    let silent = 0;
    for (let start = 0; start < asked.length && silent < MOST_SILENT && !isSpent(); start += AT_ONCE) {
      const slice = asked.slice(start, start + AT_ONCE);
      const answers = await Promise.allSettled(slice.map((head) => engine.progress(idOf(head))));
      for (const [index, answer] of answers.entries()) {
        const head = slice[index];
        if (answer.status === 'rejected' || head === undefined) silent += 1;
        else if (answer.value?.runAttempt === head.runAttempt && answer.value.seq > head.seq)
          suspect('behind', head);
      }
    }
    if (silent > 0) logger.warn('workflows could not be asked how far they are', { silent });
    return nextCursor;
  }

  return { suspects, compared: () => compared, running, open, views };
}

/** Its run id. */
export function idOf({ migrationId, candidateId }: { migrationId: string; candidateId: string }): string {
  return runIdOf(migrationId, candidateId);
}
