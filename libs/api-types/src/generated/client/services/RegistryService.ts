/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EventAccepted } from '../models/EventAccepted';
import type { Migration } from '../models/Migration';
import type { MigrationAnnouncement } from '../models/MigrationAnnouncement';
import type { StepStatusEvent } from '../models/StepStatusEvent';
import type { CancelablePromise } from '../core/CancelablePromise';
import type { BaseHttpRequest } from '../core/BaseHttpRequest';
export class RegistryService {
  constructor(public readonly httpRequest: BaseHttpRequest) {}
  /**
   * Announce a migration
   * Registers or updates a definition, idempotent by id. Announced candidates are merged exactly as a submit
   * would, whatever status they claim; run state is never touched. A definition is at most 512 KiB with 200
   * steps whose names differ. A URL changed by another principal than the one that registered it needs an admin.
   *
   * @returns Migration The migration as registered.
   * @throws ApiError
   */
  public announceMigration({
    requestBody,
  }: {
    requestBody: MigrationAnnouncement,
  }): CancelablePromise<Migration> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/registry/announce',
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`, or \`migrator_url_not_allowed\`.`,
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
   * Report on a step attempt
   * What a migrator (or an operator, for a manual step) has to say of a dispatched step attempt. `stepName` and
   * `candidateId` must be those of the dispatch. A repeat is a 202; an event that the record proves old is a
   * 409. At most 64 KiB. Final are 202, 409 (the run has moved on, as when an operator confirmed the step before
   * its `merged` came), 400, 413 and 415; after any other answer, or none, the same event is to be sent again.
   *
   * @returns EventAccepted Taken; the run decides.
   * @throws ApiError
   */
  public raiseEvent({
    callbackId,
    requestBody,
  }: {
    /**
     * The `callbackId` of the dispatch, posted back unchanged. It is opaque, a secret, and the only credential
     * that is needed. A bare run id is accepted from an authenticated migrator or operator, and from anybody only
     * where the api listens on loopback, as in development; elsewhere it is a 401.
     *
     */
    callbackId: string,
    requestBody: StepStatusEvent,
  }): CancelablePromise<EventAccepted> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/event/{callbackId}',
      path: {
        'callbackId': callbackId,
      },
      body: requestBody,
      mediaType: 'application/json',
      errors: {
        400: `\`invalid_request\`: a body, parameter, header or query parameter does not fit; \`errors\` says where.`,
        401: `\`unauthenticated\`: no credential, or one that is not valid.`,
        403: `\`forbidden\`: the principal may not do this.`,
        404: `\`migration_not_found\`, \`candidate_not_found\` or \`run_not_found\`.`,
        409: `\`event_not_expected\`: the record proves the event old, or its step or candidate is not that of the dispatch.
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
}
