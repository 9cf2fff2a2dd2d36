import { parseRunId, type StepState } from '@loom/domain';
import type { Logger } from '@loom/ports';
import { halfDone, pullRequestReference, type Work, type WorkIndex, type WorkStore } from '../ports';
import { isRepo } from '../steps/subject';
import { branchPrefix } from './branch';
import type { PullRequests } from './pull-requests';
import type { Opened } from './withdraw';

export interface CancelRequest {
  runId: string;
  runAttempt: number;
  candidateId: string;
  steps: Pick<StepState, 'metadata'>[];
}

export interface CancelDeps {
  store: WorkStore & WorkIndex;
  pullRequests: PullRequests;
  /** Waits (bounded) until nothing of this run is being executed. */
  quiesce: (runId: string) => Promise<void>;
  logger: Logger;
}

/**
 * Ends a run attempt here: nothing of it is executed any more, its pull requests are closed and their branches
 * deleted. Repeating it is harmless. Throws GitError or ForgeError when not all could be closed.
 */
export async function cancelRun(deps: CancelDeps, request: CancelRequest): Promise<{ closed: number }> {
  await deps.store.cancel(request);
  await deps.quiesce(request.runId);
  // Once more: what was opened meanwhile is on record only now.
  const works = await deps.store.cancel(request);
  const prefix = prefixOf(request);
  const opened = new Map<string, Opened>();
  for (const pull of [...works.map((work) => work.pullRequest), ...request.steps.map(openedBy)]) {
    // Only what this run attempt can have pushed: a request must not close pull requests of others.
    if (pull?.branch.startsWith(prefix)) opened.set(pullRequestReference(pull), pull);
  }
  let closed = opened.size;
  const vanished = new Set<string>();
  for (const [reference, pull] of opened)
    if (!(await deps.pullRequests.withdraw(pull))) vanished.add(reference);
  for (const work of works) {
    const branch = halfDone(work);
    if (branch && (await deps.pullRequests.withdrawBranch(branch))) closed += 1;
  }
  // Forgotten only now, so that a repeat after a failure still knows them. What came to no end may yet be pushed by
  // whoever holds it: it is claimed once more after that, and forgotten then. For one that vanished the poll asks again.
  const isOver = (work: Work): boolean =>
    !halfDone(work) && !(work.pullRequest && vanished.has(pullRequestReference(work.pullRequest)));
  for (const work of works) if (isOver(work)) await deps.store.finish(work.key);
  const { runId, runAttempt } = request;
  deps.logger.info('run cancelled', { runId, runAttempt, closed });
  return { closed };
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
