import { waitUntil } from '@loom/dev-stack';
import type { LoomClient, StepState } from '@loom/api-types';
import type { Gitea } from './gitea';

const MIGRATION = 'app-chart-migration';
const STEP_MS = 60_000;

/** What an operator and a reviewer do with one candidate. */
export interface Person {
  start(): Promise<void>;
  cancel(): Promise<void>;
  /** Resolves once the next attempt has begun. */
  retry(failed: StepState): Promise<void>;
  steps(): Promise<StepState[]>;
  /** The step once it has one of the statuses. Rejects when another step failed meanwhile, or nothing came in time. */
  step(stepName: string, ...statuses: StepState['status'][]): Promise<StepState>;
  /** Merges, confirms and goes on, from step to step, until one that `until` names is open, or all are done. */
  carryOn(until?: string): Promise<void>;
}

/** The pull request that a step waits for. */
export function pullOf({ metadata }: StepState): { repo: string; number: number; branch: string } {
  const { repo = '', prNumber, branch = '' } = metadata ?? {};
  return { repo, number: Number(prNumber), branch };
}

const done = ({ status }: StepState): boolean => status === 'completed' || status === 'merged';

export function person(loom: LoomClient, gitea: Gitea, cid: string): Person {
  const path = { id: MIGRATION, cid };
  const steps = async (): Promise<StepState[]> => (await loom.runs.getSteps(path)).steps;
  const step: Person['step'] = async (stepName, ...statuses) => {
    let found: StepState | undefined;
    const look = async (): Promise<boolean> => {
      found = (await steps()).find((one) => one.stepName === stepName);
      const failed = found?.status === 'failed' && !statuses.includes('failed');
      if (found === undefined || (!statuses.includes(found.status) && !failed))
        throw new Error(`${stepName} is ${found?.status ?? 'not there'}`);
      return true;
    };
    await waitUntil(`${cid}: ${stepName} ${statuses.join(' or ')}`, look, {
      timeoutMs: STEP_MS,
      everyMs: 100,
    });
    if (found === undefined || !statuses.includes(found.status))
      throw new Error(`${cid}: ${stepName} failed: ${found?.reason ?? 'without a reason'}`);
    return found;
  };
  const confirm = async ({ stepName, attempt }: StepState): Promise<void> => {
    const { attempt: runAttempt } = await loom.runs.getSteps(path);
    const requestBody = { stepName, candidateId: cid, status: 'completed' as const, runAttempt, attempt };
    await loom.registry.raiseEvent({ callbackId: `${MIGRATION}__${cid}`, requestBody });
  };
  return {
    steps,
    step,
    async start() {
      await loom.runs.startCandidate({ ...path, requestBody: { inputs: { chartVersion: '0.3.0' } } });
    },
    async cancel() {
      await loom.runs.cancelCandidate({ ...path, requestBody: { reason: 'a test' } });
    },
    async retry({ stepName, attempt }) {
      await loom.runs.retryStep({ ...path, requestBody: { stepName, attempt } });
      const begun = async () =>
        (await steps()).some((one) => one.stepName === stepName && one.attempt > attempt);
      await waitUntil(`${cid}: ${stepName} retried`, begun, { timeoutMs: STEP_MS, everyMs: 100 });
    },
    async carryOn(until) {
      for (const { stepName } of await steps()) {
        const now = await step(stepName, 'open', 'awaiting_review', 'completed', 'merged');
        if (stepName === until) return;
        if (now.status === 'awaiting_review') await confirm(now);
        if (now.status === 'open') await gitea.merge(pullOf(now).repo, pullOf(now).number);
        if (!done(now)) await step(stepName, 'completed', 'merged');
      }
    },
  };
}
