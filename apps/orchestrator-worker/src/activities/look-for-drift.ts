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

/** Where each walk goes on, '' at its beginning; a walk that is not in it is at its end. */
export interface Walks {
  /** Running candidates whose workflow is looked for. */
  running?: string;
  /** Open workflows whose candidate is looked for. */
  open?: string;
  /** Running candidates whose view is compared with the workflow's. */
  views?: string;
}

const WALKS = ['running', 'open', 'views'] as const satisfies (keyof Walks)[];

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
     * tick: the whole fleet's turn comes round.
     */
    async lookForDrift(from?: Walks): Promise<Look> {
      const { census } = deps;
      const notes = await census.notes();
      const walks: Walks = from ?? notes.cursors;
      const whole = from !== undefined;
      const begins = Object.keys(walks).length === 0;
      const run = createRun(deps);
      const left: Walks = {};
      for (const walk of WALKS) {
        if (whole && !begins && walks[walk] === undefined) continue;
        const goesOn = await run[walk](walks[walk] ?? '');
        if (goesOn !== undefined) left[walk] = goesOn;
      }
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

/** A walk of which nothing is left says undefined. One for which a look has no room stays where it was. */
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

  async function running(from: string): Promise<string | undefined> {
    let at: string | undefined = from;
    for (let chunk = 0; at !== undefined && chunk < CHUNKS && !isSpent(); chunk += 1) {
      const { heads, nextCursor } = await census.running({ limit: CHUNK, ...after(at) });
      compared += heads.length;
      const old = heads.filter((head) => isSettledRunning(head, now));
      const open = await catalog.openAmong(old.map(idOf));
      for (const head of old.filter((one) => !open.has(idOf(one)))) {
        const look = await catalog.look(idOf(head), head.nonce);
        if (judgeRunning(head, look, undefined).act !== 'nothing' || look?.open !== true)
          suspect('no_workflow', head);
      }
      at = nextCursor;
    }
    return at;
  }

  async function open(from: string): Promise<string | undefined> {
    let at: string | undefined = from;
    for (let page = 0; at !== undefined && page < PAGES && !isSpent(); page += 1) {
      const { last, cursor } = placeIn(at);
      const { executions, nextCursor } = await catalog.list({ only: 'open', limit: PAGE, ...after(cursor) });
      // One that has ended since is not listed: then the page is compared anew, without it.
      const begin = executions.findIndex(({ runId }) => runId === last) + 1;
      const stopped = await compareOpen(executions.slice(begin));
      at = stopped === undefined ? nextCursor : `${stopped} ${cursor}`;
    }
    return at;
  }

  /** Answers of the run after which there was no room for another suspect; undefined where there was for all. */
  async function compareOpen(executions: readonly ListedExecution[]): Promise<string | undefined> {
    const runs = executions.flatMap((one) => {
      const address = parseRunId(one.runId);
      return address === undefined ? [] : [{ ...one, ...address }];
    });
    const heads = await census.heads(runs);
    for (const [index, { runId, runAttempt, migrationId, candidateId }] of runs.entries()) {
      compared += 1;
      const head = heads[index];
      if (head?.status === 'running' && head.runAttempt === runAttempt) continue;
      const verdict = judgeOpen(head, await catalog.look(runId), now);
      if (verdict.act !== 'nothing')
        suspects.push({ kind: 'no_run', migrationId, candidateId, runAttempt, seq: head?.seq ?? 0 });
      if (isSpent()) return runId;
    }
    return undefined;
  }

  async function views(from: string): Promise<string | undefined> {
    let at: string | undefined = from;
    let silent = 0;
    for (let n = 0; at !== undefined && n < VIEWS && silent < MOST_SILENT && !isSpent(); n += AT_ONCE) {
      const { heads, nextCursor } = await census.running({ limit: AT_ONCE, ...after(at) });
      const asked = heads.filter((head) => isSettledRunning(head, now));
      const answers = await Promise.allSettled(asked.map((head) => engine.progress(idOf(head))));
      for (const [index, answer] of answers.entries()) {
        const head = asked[index];
        if (answer.status === 'rejected' || head === undefined) silent += 1;
        else if (answer.value?.runAttempt === head.runAttempt && answer.value.seq > head.seq)
          suspect('behind', head);
      }
      at = nextCursor;
    }
    if (silent > 0) logger.warn('workflows could not be asked how far they are', { silent });
    return at;
  }

  return { suspects, compared: () => compared, running, open, views };
}

/** A page may hold more suspects than a look has room for: then its cursor stands behind the last one, and a space. */
function placeIn(text: string): { last: string; cursor: string } {
  const gap = text.indexOf(' ');
  return { last: text.slice(0, Math.max(gap, 0)), cursor: text.slice(gap + 1) };
}

function after(cursor: string): { cursor?: string } {
  return cursor === '' ? {} : { cursor };
}

/** Its run id. */
export function idOf({ migrationId, candidateId }: { migrationId: string; candidateId: string }): string {
  return runIdOf(migrationId, candidateId);
}
