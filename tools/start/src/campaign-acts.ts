import type { StepState } from '@loom/api-types';
import type { CampaignDeps, CampaignResult } from './campaign-types';
import { parsePullRequestUrl } from './forge-client';
import { patiently, tolerating } from './patient';

/** A step attempt that a person may have to act on. */
export interface Occasion {
  candidateId: string;
  runAttempt: number;
  step: StepState;
}

/**
 * What people do when a step changes: reviewers merge its pull request, or close it where it conflicts; the operator
 * confirms its review, and retries it once the planned conflict is mended. Counts what was done in `result`.
 */
export function createActs(
  deps: CampaignDeps,
  result: CampaignResult,
  stopped: AbortSignal,
): (occasion: Occasion) => Promise<void> {
  const { loom, migrationId, conflict } = deps;
  let conflictCaused = false;
  let conflictMended = false;
  const isPlanned = ({ candidateId, step }: Occasion): boolean =>
    conflict?.candidateId === candidateId && conflict.stepName === step.stepName;

  async function review(occasion: Occasion): Promise<void> {
    const { candidateId, step } = occasion;
    const pull = parsePullRequestUrl(step.metadata?.['prUrl'] ?? '');
    if (pull === undefined) throw new Error(`${candidateId}/${step.stepName} is open without a pull request`);
    if (isPlanned(occasion) && step.attempt === 1 && !conflictCaused) {
      conflictCaused = true;
      await conflict?.cause(pull);
    }
    const outcome = await deps.forge.merge(pull);
    if (outcome === 'merged') result.merged += 1;
    if (outcome !== 'conflict') return;
    result.conflicts += 1;
    deps.onNote(`${candidateId}: ${step.stepName} conflicts; its pull request is closed unmerged`);
    await deps.forge.close(pull);
  }

  async function confirm({ candidateId, runAttempt, step }: Occasion): Promise<void> {
    const { stepName, attempt } = step;
    const requestBody = { stepName, candidateId, status: 'completed' as const, runAttempt, attempt };
    await tolerating(['event_not_expected'], () =>
      patiently(
        () => loom.registry.raiseEvent({ callbackId: `${migrationId}__${candidateId}`, requestBody }),
        stopped,
      ),
    );
    result.reviewed += 1;
  }

  async function mend(occasion: Occasion): Promise<void> {
    const { candidateId, step } = occasion;
    if (!isPlanned(occasion)) {
      throw new Error(`${candidateId}: ${step.stepName} failed: ${step.reason ?? 'no reason given'}`);
    }
    // A second look may meet the same failure before the retry shows.
    if (!conflictMended) await conflict?.mend();
    conflictMended = true;
    deps.onNote(`${candidateId}: the conflict is mended; ${step.stepName} is retried`);
    const requestBody = { stepName: step.stepName, attempt: step.attempt };
    await tolerating(['step_not_failed'], () =>
      patiently(() => loom.runs.retryStep({ id: migrationId, cid: candidateId, requestBody }), stopped),
    );
    result.retried += 1;
  }

  return async (occasion) => {
    const { status } = occasion.step;
    if (status === 'open') await review(occasion);
    else if (status === 'awaiting_review') await confirm(occasion);
    else if (status === 'failed') await mend(occasion);
  };
}
