/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { CancelStepRequest } from '../models/CancelStepRequest';
import type { DispatchStepRequest } from '../models/DispatchStepRequest';
import type { DryRunRequest } from '../models/DryRunRequest';
import type { DryRunResult } from '../models/DryRunResult';
import type { MigratorHealth } from '../models/MigratorHealth';
import type { CancelablePromise } from '../core/CancelablePromise';
import type { BaseHttpRequest } from '../core/BaseHttpRequest';
export class MigratorService {
  constructor(public readonly httpRequest: BaseHttpRequest) {}
  /**
   * Carry out one step attempt
   * Any 2xx accepts the step; its outcome comes later, as events to the callback (also before this answer).
   * No connection, 5xx and 429 are tried again, honouring `Retry-After`; any other status fails the step.
   * The `Idempotency-Key` is the same for every try of one step attempt.
   *
   * @returns any Accepted.
   * @throws ApiError
   */
  public dispatchStep({
    idempotencyKey,
    requestBody,
    webhookId,
    webhookTimestamp,
    webhookSignature,
  }: {
    /**
     * `{runId}/{runAttempt}/{stepIndex}/{attempt}`
     */
    idempotencyKey: string,
    requestBody: DispatchStepRequest,
    /**
     * Id of this delivery (Standard Webhooks); present where dispatches are signed.
     */
    webhookId?: string,
    /**
     * Seconds since 1970 when it was signed (Standard Webhooks).
     */
    webhookTimestamp?: string,
    /**
     * `v1,` and the base64 HMAC-SHA256 of `{id}.{timestamp}.{raw body}` (Standard Webhooks); several when keys rotate.
     */
    webhookSignature?: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/dispatch-step',
      headers: {
        'Idempotency-Key': idempotencyKey,
        'webhook-id': webhookId,
        'webhook-timestamp': webhookTimestamp,
        'webhook-signature': webhookSignature,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
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
   * Say what the steps would change
   * Simulates the steps in order, so that later ones see what earlier ones would have done, and changes nothing.
   * Steps of other migrators, and steps that cannot be shown beforehand, are `skipped`.
   *
   * @returns DryRunResult What each step would change, in order.
   * @throws ApiError
   */
  public dryRunSteps({
    requestBody,
    webhookId,
    webhookTimestamp,
    webhookSignature,
  }: {
    requestBody: DryRunRequest,
    /**
     * Id of this delivery (Standard Webhooks); present where dispatches are signed.
     */
    webhookId?: string,
    /**
     * Seconds since 1970 when it was signed (Standard Webhooks).
     */
    webhookTimestamp?: string,
    /**
     * `v1,` and the base64 HMAC-SHA256 of `{id}.{timestamp}.{raw body}` (Standard Webhooks); several when keys rotate.
     */
    webhookSignature?: string,
  }): CancelablePromise<DryRunResult> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/dry-run',
      headers: {
        'webhook-id': webhookId,
        'webhook-timestamp': webhookTimestamp,
        'webhook-signature': webhookSignature,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
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
   * Close what a cancelled run attempt has opened
   * Optional and best effort; Loom ignores 404 and 405. Before the candidate may be started again Loom makes up to three tries within 2.5 s, and takes a migrator for told that has not answered by then. So answer at once, and close afterwards.
   * @returns any Closed or under way.
   * @throws ApiError
   */
  public cancelStep({
    requestBody,
    webhookId,
    webhookTimestamp,
    webhookSignature,
  }: {
    requestBody: CancelStepRequest,
    /**
     * Id of this delivery (Standard Webhooks); present where dispatches are signed.
     */
    webhookId?: string,
    /**
     * Seconds since 1970 when it was signed (Standard Webhooks).
     */
    webhookTimestamp?: string,
    /**
     * `v1,` and the base64 HMAC-SHA256 of `{id}.{timestamp}.{raw body}` (Standard Webhooks); several when keys rotate.
     */
    webhookSignature?: string,
  }): CancelablePromise<void> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/cancel-step',
      headers: {
        'webhook-id': webhookId,
        'webhook-timestamp': webhookTimestamp,
        'webhook-signature': webhookSignature,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        404: `This migrator does not have the endpoint.`,
        405: `This migrator does not have the endpoint.`,
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
   * Is the migrator alive?
   * Any 2xx says so; the body is not read.
   * @returns MigratorHealth It is.
   * @throws ApiError
   */
  public getMigratorHealth(): CancelablePromise<MigratorHealth> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/health',
      errors: {
        500: `\`internal\`: our fault; the answer never says more.`,
        503: `\`dependency_unavailable\`: a store or an engine cannot be used now.`,
      },
    });
  }
}
