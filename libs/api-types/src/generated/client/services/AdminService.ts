/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AcceptedLostAttempts } from '../models/AcceptedLostAttempts';
import type { AcceptLostAttempts } from '../models/AcceptLostAttempts';
import type { ReconcileStatus } from '../models/ReconcileStatus';
import type { Reconciliation } from '../models/Reconciliation';
import type { CancelablePromise } from '../core/CancelablePromise';
import type { BaseHttpRequest } from '../core/BaseHttpRequest';
export class AdminService {
  constructor(public readonly httpRequest: BaseHttpRequest) {}
  /**
   * How the store stands
   * What the store knows of itself, and the newest reconciliation that was asked for.
   * @returns ReconcileStatus `lostAt`: since when the store is known to have lost its data; `waiting`: runs lost with it that are still to
   * be rebuilt. `reconciliation` is the newest one that was asked for here, if Temporal still keeps it.
   *
   * @throws ApiError
   */
  public getLastReconciliation(): CancelablePromise<ReconcileStatus> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/admin/reconcile',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Compare every run with Temporal now
   * Starts a reconciliation of the whole fleet, or joins the one under way that was asked for here. It looks twice,
   * five seconds apart, where something seems wrong; an answer that takes longer than ten seconds is a 202, to be asked
   * for at `GET /admin/reconcile/{reconciliationId}`.
   *
   * @returns Reconciliation It has ended; this is what it found and did.
   * @throws ApiError
   */
  public reconcile(): CancelablePromise<Reconciliation> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/admin/reconcile',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
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
   * A reconciliation that was asked for
   * How far it is, and its report when it has ended; as long as Temporal keeps it.
   * @returns Reconciliation How far it is, and what it found and did.
   * @throws ApiError
   */
  public getReconciliation({
    reconciliationId,
  }: {
    /**
     * As its start was answered.
     */
    reconciliationId: string,
  }): CancelablePromise<Reconciliation> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/admin/reconcile/{reconciliationId}',
      path: {
        'reconciliationId': reconciliationId,
      },
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `There is no such reconciliation, or Temporal no longer keeps it.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
  /**
   * Number attempts anew that nobody knows
   * After a loss of the store, candidates whose last attempt Temporal does not know cannot be started
   * (`attempt_unknown`). This lets them begin with `firstAttempt`, which must be above every number that was used: of
   * one migration, or without `migrationId` of all that there are; that also ends the loss, so that migrations
   * announced later begin with 1.
   *
   * @returns AcceptedLostAttempts How many migrations it was.
   * @throws ApiError
   */
  public acceptLostAttempts({
    requestBody,
  }: {
    requestBody: AcceptLostAttempts,
  }): CancelablePromise<AcceptedLostAttempts> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/admin/recovery/accept',
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\`.`,
        413: `\`payload_too_large\`: the body, or one of its parts, is over its limit in bytes.`,
        415: `\`unsupported_media_type\`: the body is not \`application/json\` in UTF-8, or compressed in another way than gzip,
        deflate or br. \`errors\` names the header; the same body will be refused again.`,
        429: `\`rate_limited\`: too many requests, or too many open streams.`,
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
}
