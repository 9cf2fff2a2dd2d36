/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AuditAction } from '../models/AuditAction';
import type { AuditList } from '../models/AuditList';
import type { EntityId } from '../models/EntityId';
import type { ExportFormat } from '../models/ExportFormat';
import type { CancelablePromise } from '../core/CancelablePromise';
import type { BaseHttpRequest } from '../core/BaseHttpRequest';
export class AuditService {
  constructor(public readonly httpRequest: BaseHttpRequest) {}
  /**
   * The audit log
   * One entry a mutation, newest first; nothing edits or deletes entries. Parameters narrow together. Of one
   * migration or candidate the order is that of the changes; across migrations it is that in which entries arrived,
   * a moment after their change. A page looks at 10,000 entries at most: with `actor` or `action` it may be short,
   * or empty, and still have a `nextCursor`; only its absence means the end.
   * An entry `retry`, `event`, or `update_inputs` of a running run tells that it was handed to the run's workflow,
   * just before it was; where that then failed (the caller got a 5xx), it stands nevertheless. A submit of more than
   * 25 candidates has two entries, one when it began to change something and one with its sums.
   *
   * @returns AuditList A page; `[]` when nothing matches.
   * @throws ApiError
   */
  public listAudit({
    migrationId,
    candidateId,
    actor,
    action,
    since,
    until,
    limit = 100,
    cursor,
  }: {
    /**
     * Only entries of this migration.
     */
    migrationId?: EntityId,
    /**
     * Only entries of this candidate; demands `migrationId`.
     */
    candidateId?: EntityId,
    /**
     * Only entries of the actor with this id.
     */
    actor?: string,
    /**
     * Only entries of this action.
     */
    action?: AuditAction,
    /**
     * Only entries of this time or later.
     */
    since?: string,
    /**
     * Only entries of this time or earlier.
     */
    until?: string,
    /**
     * Length of a page.
     */
    limit?: number,
    /**
     * `nextCursor` of the page before, with the same other parameters. Opaque.
     */
    cursor?: string,
  }): CancelablePromise<AuditList> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/audit',
      query: {
        'migrationId': migrationId,
        'candidateId': candidateId,
        'actor': actor,
        'action': action,
        'since': since,
        'until': until,
        'limit': limit,
        'cursor': cursor,
      },
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
   * The audit log as a file
   * Every entry that matches, newest first, streamed. CSV is RFC 4180 with a header line; `before` and `after` are
   * JSON, and a text that a spreadsheet would take for a formula has an apostrophe before it. NDJSON has one entry a
   * line, as the list has them.
   * A file that is not whole never looks whole: where the store fails midway, the connection is cut before the last
   * chunk of the body, which HTTP clients report as an error (curl: exit code 18).
   *
   * @returns string The file.
   * @throws ApiError
   */
  public exportAudit({
    format,
    migrationId,
    candidateId,
    actor,
    action,
    since,
    until,
  }: {
    /**
     * Form of the file; `ndjson` when absent.
     */
    format?: ExportFormat,
    /**
     * Only entries of this migration.
     */
    migrationId?: EntityId,
    /**
     * Only entries of this candidate; demands `migrationId`.
     */
    candidateId?: EntityId,
    /**
     * Only entries of the actor with this id.
     */
    actor?: string,
    /**
     * Only entries of this action.
     */
    action?: AuditAction,
    /**
     * Only entries of this time or later.
     */
    since?: string,
    /**
     * Only entries of this time or earlier.
     */
    until?: string,
  }): CancelablePromise<string> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/audit/export',
      query: {
        'format': format,
        'migrationId': migrationId,
        'candidateId': candidateId,
        'actor': actor,
        'action': action,
        'since': since,
        'until': until,
      },
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
}
