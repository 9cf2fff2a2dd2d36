/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { CancelledAttemptList } from '../models/CancelledAttemptList';
import type { CancelRequest } from '../models/CancelRequest';
import type { CandidateDryRunRequest } from '../models/CandidateDryRunRequest';
import type { DryRunResult } from '../models/DryRunResult';
import type { EntityId } from '../models/EntityId';
import type { MigrationDryRunRequest } from '../models/MigrationDryRunRequest';
import type { QueueAccepted } from '../models/QueueAccepted';
import type { ResetRequest } from '../models/ResetRequest';
import type { RetryStepRequest } from '../models/RetryStepRequest';
import type { RunAttemptList } from '../models/RunAttemptList';
import type { StartAccepted } from '../models/StartAccepted';
import type { StartRequest } from '../models/StartRequest';
import type { StepsResponse } from '../models/StepsResponse';
import type { UpdateInputsRequest } from '../models/UpdateInputsRequest';
import type { CancelablePromise } from '../core/CancelablePromise';
import type { BaseHttpRequest } from '../core/BaseHttpRequest';
export class RunsService {
  constructor(public readonly httpRequest: BaseHttpRequest) {}
  /**
   * Start a run
   * Queue and execute in one, from `not_started` or `queued`. The answer names the run attempt that was
   * reserved; the workflow starts with it. A 503 leaves open whether it was: ask again with the same
   * `Idempotency-Key`, or look at the candidate.
   * A candidate without steps, neither of its own nor of its migration, is refused with 400, since its run would be
   * completed at once; kept inputs that the migration has ceased to ask for are left out.
   *
   * @returns StartAccepted Reserved; the run is starting.
   * @throws ApiError
   */
  public startCandidate({
    id,
    cid,
    idempotencyKey,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
    /**
     * Chosen by the caller. A repeat by the same principal within 24 h gets the first answer's run attempt; the
     * same key with another body is a 400. An answer of 5xx is never kept.
     *
     */
    idempotencyKey?: string,
    /**
     * Absent where the migration requires no inputs.
     */
    requestBody?: StartRequest,
  }): CancelablePromise<StartAccepted> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/candidates/{cid}/start',
      path: {
        'id': id,
        'cid': cid,
      },
      headers: {
        'Idempotency-Key': idempotencyKey,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`, or \`invalid_inputs\`: a required input is missing or one is unknown.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        409: `\`candidate_already_running\`, \`candidate_already_completed\` or \`run_cancelling\`, with the attempt that stands
        in the way; or \`attempt_unknown\`, after a loss of the store: \`detail\` says what to do; or \`migration_paused\`,
        \`migration_archived\` or \`run_limit_reached\`.
        `,
        413: `\`payload_too_large\`: the body, or one of its parts, is over its limit in bytes.`,
        415: `\`unsupported_media_type\`: the body is not \`application/json\` in UTF-8, or compressed in another way than gzip,
        deflate or br. \`errors\` names the header; the same body will be refused again.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Queue a candidate
   * Reserves a run without starting it; the inputs are checked and kept for the execution.
   * @returns QueueAccepted Queued.
   * @throws ApiError
   */
  public queueCandidate({
    id,
    cid,
    idempotencyKey,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
    /**
     * Chosen by the caller. A repeat by the same principal within 24 h gets the first answer's run attempt; the
     * same key with another body is a 400. An answer of 5xx is never kept.
     *
     */
    idempotencyKey?: string,
    /**
     * Absent where the migration requires no inputs.
     */
    requestBody?: StartRequest,
  }): CancelablePromise<QueueAccepted> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/candidates/{cid}/queue',
      path: {
        'id': id,
        'cid': cid,
      },
      headers: {
        'Idempotency-Key': idempotencyKey,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`, or \`invalid_inputs\`: a required input is missing or one is unknown.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        409: `\`candidate_already_queued\`, \`candidate_already_running\`, \`candidate_already_completed\` or \`run_cancelling\`,
        with the attempt that stands in the way; or \`migration_archived\`.
        `,
        413: `\`payload_too_large\`: the body, or one of its parts, is over its limit in bytes.`,
        415: `\`unsupported_media_type\`: the body is not \`application/json\` in UTF-8, or compressed in another way than gzip,
        deflate or br. \`errors\` names the header; the same body will be refused again.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Take a candidate out of the queue
   * Returns a queued candidate to `not_started`; no cancelled attempt is recorded.
   * @returns void
   * @throws ApiError
   */
  public dequeueCandidate({
    id,
    cid,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'DELETE',
      url: '/migrations/{id}/candidates/{cid}/dequeue',
      path: {
        'id': id,
        'cid': cid,
      },
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        409: `\`candidate_not_queued\`, \`candidate_already_running\`, \`candidate_already_completed\` or \`run_cancelling\`, with
        the attempt that stands in the way; or \`migration_paused\`, \`migration_archived\` or \`run_limit_reached\`.
        `,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Execute a queued candidate
   * Starts the queued run. Inputs given here are merged into those kept, and checked again.
   * @returns StartAccepted Reserved; the run is starting.
   * @throws ApiError
   */
  public executeCandidate({
    id,
    cid,
    idempotencyKey,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
    /**
     * Chosen by the caller. A repeat by the same principal within 24 h gets the first answer's run attempt; the
     * same key with another body is a 400. An answer of 5xx is never kept.
     *
     */
    idempotencyKey?: string,
    /**
     * Absent where the migration requires no inputs.
     */
    requestBody?: StartRequest,
  }): CancelablePromise<StartAccepted> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/candidates/{cid}/execute',
      path: {
        'id': id,
        'cid': cid,
      },
      headers: {
        'Idempotency-Key': idempotencyKey,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`, or \`invalid_inputs\`: a required input is missing or one is unknown.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        409: `\`candidate_not_queued\`, \`candidate_already_running\`, \`candidate_already_completed\` or \`run_cancelling\`, with
        the attempt that stands in the way; or \`migration_paused\`, \`migration_archived\` or \`run_limit_reached\`.
        `,
        413: `\`payload_too_large\`: the body, or one of its parts, is over its limit in bytes.`,
        415: `\`unsupported_media_type\`: the body is not \`application/json\` in UTF-8, or compressed in another way than gzip,
        deflate or br. \`errors\` names the header; the same body will be refused again.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Cancel a run
   * From `queued` or `running`. The cancel is recorded and is final; a running run settles shortly after, and
   * its candidate ends `not_started` with one cancelled attempt. It is a 204 as soon as it is recorded, also
   * while Temporal is away: the run is then asked to end once Temporal is back. Asking again is a 204 too and
   * keeps the first reason. A 503 means that nothing may have been recorded.
   *
   * @returns void
   * @throws ApiError
   */
  public cancelCandidate({
    id,
    cid,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
    requestBody?: CancelRequest,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/candidates/{cid}/cancel',
      path: {
        'id': id,
        'cid': cid,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        409: `\`candidate_not_running\`, or \`run_cancelling\` where a recorded cancel forbids the change.`,
        413: `\`payload_too_large\`: the body, or one of its parts, is over its limit in bytes.`,
        415: `\`unsupported_media_type\`: the body is not \`application/json\` in UTF-8, or compressed in another way than gzip,
        deflate or br. \`errors\` names the header; the same body will be refused again.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Reset a completed candidate
   * From `completed` to `not_started`, so that it can be started again, with the next attempt number. The completed
   * attempt stays visible among the attempts, and what was counted of it stays counted; a callback of it is a 409.
   * Nothing is undone: the migrator is not told.
   *
   * @returns void
   * @throws ApiError
   */
  public resetCandidate({
    id,
    cid,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
    requestBody: ResetRequest,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/candidates/{cid}/reset',
      path: {
        'id': id,
        'cid': cid,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        409: `\`candidate_not_completed\`, or \`run_cancelling\`, with the attempt met.`,
        413: `\`payload_too_large\`: the body, or one of its parts, is over its limit in bytes.`,
        415: `\`unsupported_media_type\`: the body is not \`application/json\` in UTF-8, or compressed in another way than gzip,
        deflate or br. \`errors\` names the header; the same body will be refused again.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Retry a failed step
   * Dispatches the failed step again as its next step attempt. `attempt` names the failed attempt that is
   * answered; with it, a repeat is a 202 that changes nothing.
   *
   * @returns string The retry is under way.
   * @throws ApiError
   */
  public retryStep({
    id,
    cid,
    requestBody,
    idempotencyKey,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
    requestBody: RetryStepRequest,
    /**
     * Chosen by the caller. A repeat by the same principal within 24 h gets the first answer's run attempt; the
     * same key with another body is a 400. An answer of 5xx is never kept.
     *
     */
    idempotencyKey?: string,
  }): CancelablePromise<string> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/candidates/{cid}/retry-step',
      path: {
        'id': id,
        'cid': cid,
      },
      headers: {
        'Idempotency-Key': idempotencyKey,
      },
      body: requestBody,
      mediaType: 'application/json',
      responseHeader: 'x-request-id',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        409: `\`candidate_not_running\`, \`step_not_failed\` or \`run_cancelling\`, with the attempt met.`,
        413: `\`payload_too_large\`: the body, or one of its parts, is over its limit in bytes.`,
        415: `\`unsupported_media_type\`: the body is not \`application/json\` in UTF-8, or compressed in another way than gzip,
        deflate or br. \`errors\` names the header; the same body will be refused again.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Change the inputs of a run
   * Merges the inputs into those of a queued or running run; every later dispatch carries them. An input that
   * the migration does not require is a 400.
   *
   * @returns void
   * @throws ApiError
   */
  public updateInputs({
    id,
    cid,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
    requestBody: UpdateInputsRequest,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'PATCH',
      url: '/migrations/{id}/candidates/{cid}/inputs',
      path: {
        'id': id,
        'cid': cid,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`, or \`invalid_inputs\`: a required input is missing or one is unknown.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        409: `\`candidate_not_running\`, or \`run_cancelling\` where a recorded cancel forbids the change.`,
        413: `\`payload_too_large\`: the body, or one of its parts, is over its limit in bytes.`,
        415: `\`unsupported_media_type\`: the body is not \`application/json\` in UTF-8, or compressed in another way than gzip,
        deflate or br. \`errors\` names the header; the same body will be refused again.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Steps of a run
   * The whole plan with what each step has reached. It comes from the projection, so it outlives the workflow's
   * history. A candidate that is `not_started` or `queued` answers 404 `run_not_found`.
   *
   * @returns StepsResponse The steps, in order.
   * @throws ApiError
   */
  public getSteps({
    id,
    cid,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
  }): CancelablePromise<StepsResponse> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations/{id}/candidates/{cid}/steps',
      path: {
        'id': id,
        'cid': cid,
      },
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\`, \`candidate_not_found\` or \`run_not_found\`.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Preview a run
   * Asks the migrator what a run would change, in any status of the candidate. Nothing is changed.
   * @returns DryRunResult What each step would change, in order.
   * @throws ApiError
   */
  public dryRunCandidate({
    id,
    cid,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
    requestBody?: CandidateDryRunRequest,
  }): CancelablePromise<DryRunResult> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/candidates/{cid}/dry-run',
      path: {
        'id': id,
        'cid': cid,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`, \`invalid_inputs\`, or \`migrator_url_not_allowed\`.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        413: `\`payload_too_large\`: the body, or one of its parts, is over its limit in bytes.`,
        415: `\`unsupported_media_type\`: the body is not \`application/json\` in UTF-8, or compressed in another way than gzip,
        deflate or br. \`errors\` names the header; the same body will be refused again.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        502: `\`migrator_unreachable\` or \`migrator_error\`.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
        504: `\`migrator_timeout\`.`,
      },
    });
  }
  /**
   * Preview a run of a known or a given candidate
   * As the preview of a candidate, which is named by its id or given in full.
   * @returns DryRunResult What each step would change, in order.
   * @throws ApiError
   */
  public dryRunMigration({
    id,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    requestBody: MigrationDryRunRequest,
  }): CancelablePromise<DryRunResult> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/dry-run',
      path: {
        'id': id,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`, \`invalid_inputs\`, or \`migrator_url_not_allowed\`.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        413: `\`payload_too_large\`: the body, or one of its parts, is over its limit in bytes.`,
        415: `\`unsupported_media_type\`: the body is not \`application/json\` in UTF-8, or compressed in another way than gzip,
        deflate or br. \`errors\` names the header; the same body will be refused again.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        502: `\`migrator_unreachable\` or \`migrator_error\`.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
        504: `\`migrator_timeout\`.`,
      },
    });
  }
  /**
   * Attempts of a candidate
   * Every run attempt of the candidate, newest first: the one that runs or is completed, and those that are over
   * with the steps they had reached. One that is over was cancelled, or was completed and its candidate reset. An
   * attempt that was cancelled while queued has no steps and no start. A number may be missing: a start that was
   * taken back, since Temporal did not begin it, uses one.
   *
   * @returns RunAttemptList A page; `[]` when the candidate was never started.
   * @throws ApiError
   */
  public listAttempts({
    id,
    cid,
    limit = 100,
    cursor,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Id of the candidate, unique within its migration.
     */
    cid: EntityId,
    /**
     * Length of a page.
     */
    limit?: number,
    /**
     * `nextCursor` of the page before, with the same other parameters. Opaque.
     */
    cursor?: string,
  }): CancelablePromise<RunAttemptList> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations/{id}/candidates/{cid}/attempts',
      path: {
        'id': id,
        'cid': cid,
      },
      query: {
        'limit': limit,
        'cursor': cursor,
      },
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\` or \`candidate_not_found\`.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * List cancelled attempts
   * The audit record of every cancelled run attempt of the migration, a page at a time.
   * @returns CancelledAttemptList A page; `[]` when there is none.
   * @throws ApiError
   */
  public listCancelledAttempts({
    id,
    limit = 100,
    cursor,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Length of a page.
     */
    limit?: number,
    /**
     * `nextCursor` of the page before, with the same other parameters. Opaque.
     */
    cursor?: string,
  }): CancelablePromise<CancelledAttemptList> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations/{id}/cancelled-attempts',
      path: {
        'id': id,
      },
      query: {
        'limit': limit,
        'cursor': cursor,
      },
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\`.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
}
