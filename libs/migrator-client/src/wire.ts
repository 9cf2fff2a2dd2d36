import type {
  CancelStepRequest,
  DispatchStepRequest,
  DryRunRequest,
  StepState as WireStepState,
} from '@loom/api-types';
import { present, type Candidate, type StepDefinition, type StepState } from '@loom/domain';
import type { CancelStepNotice, DispatchRequest } from '@loom/ports';

/** The body of `POST /dispatch-step`: as the contract has it, operator inputs merged into the metadata. */
export function dispatchBody(request: DispatchRequest): DispatchStepRequest {
  const { candidate, inputs, type, config, callbackUrl } = request;
  return {
    migrationId: request.migrationId,
    stepName: request.stepName,
    stepIndex: request.stepIndex,
    candidate: { ...candidate, metadata: { ...candidate.metadata, ...inputs } },
    ...(config === undefined ? {} : { config }),
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
    ...(type === undefined ? {} : { type }),
    callbackId: request.callbackId,
    ...(callbackUrl === undefined ? {} : { callbackUrl }),
    eventName: `step-completed:${request.stepName}:${candidate.id}`,
    migratorApp: request.migratorApp,
    migratorUrl: request.migratorUrl,
    runId: request.runId,
    attempt: request.attempt,
    runAttempt: request.runAttempt,
  };
}

/** The same for every repetition of the same step attempt, so that a migrator can do it once. */
export function idempotencyKey({ runId, runAttempt, stepIndex, attempt }: DispatchRequest): string {
  return [runId, runAttempt, stepIndex, attempt].join('/');
}

/** The body of `POST /cancel-step`; of a step, only what the contract shows. */
export function cancelBody({ runId, runAttempt, candidateId, steps }: CancelStepNotice): CancelStepRequest {
  return { runId, runAttempt, candidateId, steps: steps.map(wireStep) };
}

/** The body of `POST /dry-run`. */
export function dryRunBody(request: {
  migrationId: string;
  candidate: Candidate;
  steps: StepDefinition[];
}): DryRunRequest {
  const { migrationId, candidate, steps } = request;
  return { migrationId, candidate, steps };
}

function wireStep(step: StepState): WireStepState {
  const { stepName, status, attempt } = step;
  const { description, type, startedAt, updatedAt, completedAt, metadata, reason } = step;
  const told = { description, type, startedAt, updatedAt, completedAt, metadata, reason };
  return { stepName, status, attempt, ...present(told) };
}
