import type { Logger } from '@loom/ports';
import { logFailure } from '../log-failure';
import { StoreError, type Forge, type Outbox, type PullRequest, type Snapshot, type Work } from '../ports';
import type { WorkIndex, WorkStore } from '../ports';
import { stepType } from '../steps/step-types';
import type { ChangeStep } from '../steps/step';
import { changesOf } from '../workspace/overlay-workspace';
import { branchOf } from './branch';
import { report, type Outcome } from './outcome';
import { patiently } from './patiently';
import { reasonOf, withPlan, type PlanDeps, type PlannedChange } from './plan-step';
import type { PullRequests } from './pull-requests';
import type { TakeBack } from './take-back';

export interface ExecuteDeps extends PlanDeps {
  store: WorkStore & WorkIndex;
  outbox: Outbox;
  forge: Forge;
  pullRequests: PullRequests;
  takeBack: TakeBack;
  logger: Logger;
  now: () => number;
  /** Resolves after `ms`. */
  wait: (ms: number) => Promise<void>;
}

/**
 * Carries out one step attempt and records what came of it. Repeating it (after a crash) finds its own branch and its
 * own pull request. It throws only when that could not be recorded; then it is to be repeated.
 */
export async function executeStep(deps: ExecuteDeps, claimed: Work): Promise<void> {
  const { store, outbox, logger } = deps;
  // A copy, on which is noted what goes on record meanwhile.
  const work = { ...claimed };
  const outcome = await attempt(deps, work);
  if (outcome === undefined) {
    // Else another execution finished it, and what is on its branch now may be of a later attempt.
    if (await store.isCancelled(work)) await deps.takeBack(work);
    return;
  }
  logger.info('step executed', {
    step: work.stepName,
    candidate: work.candidate.id,
    status: outcome.status,
  });
  await report(outbox, work, outcome, deps.now());
  if (outcome.status !== 'open') return store.executed(work.key);
  const { repo, number, url, branch } = outcome.pullRequest;
  const waiting = { ...work, pullRequest: { repo, number, url, branch } };
  switch (await store.await(work.key, waiting.pullRequest)) {
    case 'waiting':
      // A webhook that came before the record found nobody who waited for it.
      return deps.pullRequests.recorded(waiting);
    case 'cancelled':
    case 'gone':
      return deps.takeBack(waiting);
    case 'settled':
      // It may be that of a retry. It is on record: a retry takes it over, a cancel closes it.
      logger.info('a step that has ended already has a pull request', { step: work.stepName, url });
  }
}

/** Undefined when the run attempt was cancelled, or the work finished meanwhile. */
async function attempt(deps: ExecuteDeps, work: Work): Promise<Outcome | undefined> {
  const isCancelled = () => deps.store.isCancelled(work);
  try {
    return await patiently(deps.wait, async () => ((await isCancelled()) ? undefined : carryOut(deps, work)));
  } catch (error) {
    if (error instanceof StoreError) throw error;
    if (await isCancelled()) return undefined;
    logFailure(deps.logger, 'step failed', { step: work.stepName, candidate: work.candidate.id, error });
    return { status: 'failed', reason: reasonOf(error) };
  }
}

async function carryOut(deps: ExecuteDeps, work: Work): Promise<Outcome | undefined> {
  const step = stepType(work.type);
  if (!step) {
    return {
      status: 'failed',
      reason: `this migrator knows no step of type "${work.type ?? ''}" (${work.stepName})`,
    };
  }
  if (step.kind === 'review') {
    const { gitopsRepo, chartRegistry } = deps;
    const nothing = () => Promise.reject(new Error('a review reads no files'));
    return {
      status: 'awaiting_review',
      ...step.run({ ...work, gitopsRepo, chartRegistry, workspace: nothing }),
    };
  }
  return change(deps, work, step.run);
}

function change(deps: ExecuteDeps, work: Work, step: ChangeStep): Promise<Outcome | undefined> {
  return withPlan(deps, work, step, async (planned, snapshot): Promise<Outcome | undefined> => {
    if (planned.edits.length === 0) {
      return {
        status: 'completed',
        note: `nothing to change: it is on ${snapshot.branch} of ${planned.repo} already`,
      };
    }
    const pullRequest = await propose(deps, work, planned, snapshot);
    return pullRequest && { status: 'open', pullRequest };
  });
}

/** Pushes the branch and makes sure that it has one open pull request. Undefined when nothing may be pushed. */
async function propose(
  { store, repositories, forge }: ExecuteDeps,
  work: Work,
  { repo, title, body, edits }: PlannedChange,
  snapshot: Snapshot,
): Promise<PullRequest | undefined> {
  const { migrationId, runAttempt, candidate } = work;
  const branch = branchOf({ migrationId, candidateId: candidate.id, runAttempt }, work.stepName);
  const subject = `[${work.migrationId}] ${title}`;
  const message = `${subject}\n\n${body}\n\nLoom-Run: ${work.runId}\nLoom-Step: ${work.stepName}\n`;
  const pushed = { repo, branch };
  if (!(await store.pushing(work.key, pushed))) return undefined;
  work.pushed = pushed;
  await repositories.push({ snapshot, branch, message, changes: changesOf(edits), at: work.acceptedAt });
  // That may have taken long, and whom a pull request asks for a review is told of it at once.
  if (await store.isCancelled(work)) return undefined;
  const text = `${body}\n\n---\nOpened by Loom: step \`${work.stepName}\` of \`${work.runId}\`.`;
  return forge.open({ repo, branch, base: snapshot.branch, title: subject, body: text });
}
