/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Controls } from '../models/Controls';
import type { EntityId } from '../models/EntityId';
import type { Migration } from '../models/Migration';
import type { PauseRequest } from '../models/PauseRequest';
import type { RunLimitsRequest } from '../models/RunLimitsRequest';
import type { CancelablePromise } from '../core/CancelablePromise';
import type { BaseHttpRequest } from '../core/BaseHttpRequest';
export class ControlsService {
  constructor(public readonly httpRequest: BaseHttpRequest) {}
  /**
   * Pause a migration
   * From now on nothing of it is dispatched: a start or an execute is a 409 `migration_paused`, and a run that comes
   * to its next step waits there (`run.heldSince`), also one whose dispatch is being repeated. All else goes on:
   * callbacks move runs, and candidates are submitted, queued, cancelled, previewed. A dispatch that is being sent in
   * this moment is not called back. Pausing what is paused changes nothing, and the first reason stays.
   *
   * @returns Migration The migration as it is now.
   * @throws ApiError
   */
  public pauseMigration({
    id,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    requestBody?: PauseRequest,
  }): CancelablePromise<Migration> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/pause',
      path: {
        'id': id,
      },
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
  /**
   * Resume a migration
   * Ends its own pause. The runs that it held go on within seconds, each with the step attempt that waits; a pause of
   * all migrations holds them still. Resuming what is not paused changes nothing.
   *
   * @returns Migration The migration as it is now.
   * @throws ApiError
   */
  public resumeMigration({
    id,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
  }): CancelablePromise<Migration> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/resume',
      path: {
        'id': id,
      },
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
  /**
   * Limit how many candidates of a migration are running
   * A start or an execute beyond it is a 409 `run_limit_reached`; what is queued stays queued, and what is running goes
   * on. With `null` there is no limit.
   *
   * @returns Migration The migration as it is now.
   * @throws ApiError
   */
  public limitMigration({
    id,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    requestBody: RunLimitsRequest,
  }): CancelablePromise<Migration> {
    return this.httpRequest.request({
      method: 'PUT',
      url: '/migrations/{id}/limits',
      path: {
        'id': id,
      },
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
  /**
   * What holds for all migrations
   * What operators have set for all migrations together.
   * @returns Controls What holds for all migrations now.
   * @throws ApiError
   */
  public getControls(): CancelablePromise<Controls> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/admin/controls',
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
   * Limit how many candidates of all migrations are running
   * As the limit of one migration, and beside it. Starts at the same time never exceed it together, but for those under
   * way while it is set; where a start has just ended otherwise, one may be refused too early.
   *
   * @returns Controls What holds for all migrations now.
   * @throws ApiError
   */
  public limitAll({
    requestBody,
  }: {
    requestBody: RunLimitsRequest,
  }): CancelablePromise<Controls> {
    return this.httpRequest.request({
      method: 'PUT',
      url: '/admin/limits',
      body: requestBody,
      mediaType: 'application/json',
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
   * Pause every migration
   * As pausing each of them, those announced later included; what one of them was paused for by itself stays beside
   * it.
   *
   * @returns Controls What holds for all migrations now.
   * @throws ApiError
   */
  public pauseAll({
    requestBody,
  }: {
    requestBody?: PauseRequest,
  }): CancelablePromise<Controls> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/admin/pause',
      body: requestBody,
      mediaType: 'application/json',
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
   * End the pause of every migration
   * Runs go on within seconds, but for those of migrations that are paused by themselves.
   * @returns Controls What holds for all migrations now.
   * @throws ApiError
   */
  public resumeAll(): CancelablePromise<Controls> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/admin/resume',
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
}
