import { parseRunId, type StepState } from '@loom/domain';
import type { Logger } from '@loom/ports';
import type { Pushed, RunAttempt, Work, WorkIndex, WorkStore } from '../ports';
import { isRepo } from '../steps/subject';
import { branchPrefix } from './branch';
import type { PullRequests } from './pull-requests';
import { LATE_MS, withdrawWork } from './take-back';
import type { Opened } from './withdraw';

export interface CancelRequest extends RunAttempt {
  candidateId: string;
  steps: Pick<StepState, 'metadata'>[];
}

export interface CancelDeps {
  store: WorkStore & WorkIndex;
  pullRequests: PullRequests;
  /** Waits (bounded) until nothing of this run is being executed. */
  quiesce: (runId: string) => Promise<void>;
  logger: Logger;
  now: () => number;
}

/** From the cancel of a run on, what it pushed is claimed by itself after that: this process may end meanwhile. */
const CLAIMED_AFTER_MS = 60_000;

/** Puts on record that the run attempt is cancelled: from then on nothing of it is begun. Throws StoreError. */
export function markCancelled({ store, now }: CancelDeps, run: RunAttempt): Promise<Work[]> {
  return store.cancel(run, now() + CLAIMED_AFTER_MS);
}

/**
 * Ends a run attempt that is marked as cancelled: its pull requests are closed and their branches deleted. Repeating it
 * is harmless. Throws the first GitError or ForgeError when not all could be closed.
 */
export async function cancelRun(deps: CancelDeps, request: CancelRequest): Promise<{ closed: number }> {
  await deps.quiesce(request.runId);
  // What was opened meanwhile is on record only now.
  const works = await markCancelled(deps, request);
  const own = works.filter(({ pushed }) => pushed).toSorted(openedFirst);
  const branches = new Set(own.flatMap(({ pushed }) => pushed ?? []).map(place));
  const told = request.steps.flatMap((step) => openedBy(step) ?? []);
  // Only what this run attempt can have pushed: a request must not close pull requests of others.
  const others = told.filter(
    (pull) => pull.branch.startsWith(prefixOf(request)) && !branches.has(place(pull)),
  );
  const closings = [
    ...own.map((work) => () => takeBackOwn(deps, work)),
    ...others.map((pull) => () => deps.pullRequests.withdraw(pull).then(() => true)),
  ];
  const errors: unknown[] = [];
  let closed = 0;
  for (const close of closings) {
    try {
      if (await close()) closed += 1;
    } catch (error) {
      errors.push(error);
      deps.logger.debug('something of a cancelled run could not be closed yet', { ...runOf(request), error });
    }
  }
  for (const { key, pushed } of works) if (!pushed) await deps.store.finish(key);
  if (errors.length > 0) throw errors[0];
  deps.logger.info('run cancelled', { ...runOf(request), closed });
  return { closed };
}

function runOf({ runId, runAttempt }: RunAttempt): RunAttempt {
  return { runId, runAttempt };
}

/** True when it had a pull request. It stays on record, and is looked for once more. */
async function takeBackOwn({ pullRequests, store, now }: CancelDeps, work: Work): Promise<boolean> {
  const isClosed = await withdrawWork(pullRequests, work);
  await store.withdrawn(work.key, now() + LATE_MS);
  return isClosed;
}

/** A branch by name; a repository's makes no difference by its case. */
function place({ repo, branch }: Pushed): string {
  return `${repo.toLowerCase()} ${branch}`;
}

/** So that what a branch has open is counted once, as the pull request that is known. */
function openedFirst(a: Work, b: Work): number {
  return Number(b.pullRequest !== undefined) - Number(a.pullRequest !== undefined);
}

function prefixOf({ runId, runAttempt, candidateId }: CancelRequest): string {
  const run = parseRunId(runId);
  // Without an exact run id nothing starts with it.
  if (run?.candidateId !== candidateId) return '\0';
  return branchPrefix({ migrationId: run.migrationId, candidateId, runAttempt });
}

/** The pull request that a step's `open` event told of. */
function openedBy({ metadata }: Pick<StepState, 'metadata'>): Opened | undefined {
  const { repo, prNumber, branch } = metadata ?? {};
  const number = Number(prNumber);
  if (repo === undefined || branch === undefined || !isRepo(repo) || !Number.isSafeInteger(number))
    return undefined;
  return { repo, number, branch };
}
