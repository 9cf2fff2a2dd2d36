import type { RequestHandler } from 'express';
import { cancelStepRequestSchema, dispatchStepRequestSchema, dryRunRequestSchema } from '@loom/api-types';
import type { DispatchStepRequest } from '@loom/api-types';
import { parseRunId } from '@loom/domain';
import type { Tracing } from '@loom/ports';
import type { Work, WorkStore } from '../ports';
import type { Canceller } from '../work/canceller';
import { dryRun } from '../work/dry-run';
import type { PlanDeps } from '../work/plan-step';
import { parseBody, RequestError } from './problem';

/** `POST /dispatch-step`: answers once the work is recorded; a repeat of the same Idempotency-Key records nothing. */
export function dispatchStep(deps: {
  store: WorkStore;
  /** Called when there is new work. */
  accepted: () => void;
  tracing: Tracing;
  now: () => number;
}): RequestHandler {
  return async (request, response) => {
    const dispatch = parseBody(dispatchStepRequestSchema, request.body);
    const work = workOf(dispatch, request.get('idempotency-key'), new Date(deps.now()).toISOString());
    const trace = deps.tracing.carrier();
    if (await deps.store.accept({ ...work, trace })) deps.accepted();
    response.status(202).json({ status: 'accepted' });
  };
}

/** `POST /dry-run` */
export function dryRunSteps(deps: PlanDeps): RequestHandler {
  return async (request, response) => {
    response.json(await dryRun(deps, parseBody(dryRunRequestSchema, request.body)));
  };
}

/** Loom gives a cancel two seconds; what takes longer goes on after the answer. */
const CANCEL_ANSWER_MS = 1_500;

/**
 * `POST /cancel-step`: answers when everything that the run attempt opened is closed, or, with the cancel on record, that
 * it is being closed.
 */
export function cancelStep({ cancel }: Canceller): RequestHandler {
  return async (request, response) => {
    const body = parseBody(cancelStepRequestSchema, request.body);
    if (parseRunId(body.runId)?.candidateId !== body.candidateId)
      throw new RequestError(400, 'invalid_request', 'runId is not of this candidate');
    const { closing } = await cancel(body);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, CANCEL_ANSWER_MS, undefined);
    });
    // What fails after the answer is told by the canceller, which goes on.
    closing.catch(() => undefined);
    const done = await Promise.race([closing, late]).finally(() => {
      clearTimeout(timer);
    });
    if (done === undefined) response.status(202).json({ status: 'closing' });
    else response.json(done);
  };
}

const MAX_KEY = 512;

function workOf(dispatch: DispatchStepRequest, header: string | undefined, acceptedAt: string): Work {
  const { runId, runAttempt, candidate, migrationId } = dispatch;
  const run = parseRunId(runId);
  if (run?.migrationId !== migrationId || run.candidateId !== candidate.id) {
    throw new RequestError(400, 'invalid_request', 'runId is not of this migration and candidate');
  }
  const key = header ?? '';
  if (key === '') throw new RequestError(400, 'invalid_request', 'there is no Idempotency-Key');
  if (key.length > MAX_KEY) throw new RequestError(400, 'invalid_request', 'the Idempotency-Key is too long');
  return {
    key,
    migrationId,
    runId,
    runAttempt,
    stepName: dispatch.stepName,
    ...(dispatch.type === undefined ? {} : { type: dispatch.type }),
    config: dispatch.config ?? {},
    inputs: dispatch.inputs ?? {},
    candidate,
    callbackId: dispatch.callbackId,
    acceptedAt,
  };
}
