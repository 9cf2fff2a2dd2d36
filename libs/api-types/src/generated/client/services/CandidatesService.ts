/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AttentionKind } from '../models/AttentionKind';
import type { AttentionList } from '../models/AttentionList';
import type { CandidateList } from '../models/CandidateList';
import type { CandidateSort } from '../models/CandidateSort';
import type { CandidateStatus } from '../models/CandidateStatus';
import type { CandidateWithStatus } from '../models/CandidateWithStatus';
import type { EntityId } from '../models/EntityId';
import type { ExportFormat } from '../models/ExportFormat';
import type { FacetList } from '../models/FacetList';
import type { PruneCandidatesRequest } from '../models/PruneCandidatesRequest';
import type { PruneResult } from '../models/PruneResult';
import type { SubmitCandidatesRequest } from '../models/SubmitCandidatesRequest';
import type { SubmitResult } from '../models/SubmitResult';
import type { CancelablePromise } from '../core/CancelablePromise';
import type { BaseHttpRequest } from '../core/BaseHttpRequest';
export class CandidatesService {
  constructor(public readonly httpRequest: BaseHttpRequest) {}
  /**
   * List candidates with their status
   * A page of candidates. Values of one parameter are alternatives, parameters narrow together. The first 16
   * distinct metadata keys of a migration are indexed; `meta` with another key is a 400 that names them.
   * `total` is exact up to 10,000 and wherever a maintained counter gives it; beyond, `totalRelation` is `gte`.
   * `counts` is of the whole migration, unfiltered. Pass `streamPosition` to the events as `from` to miss nothing.
   *
   * @returns CandidateList A page; `[]` when nothing matches.
   * @throws ApiError
   */
  public listCandidates({
    id,
    status,
    kind,
    q,
    meta,
    attention,
    sort,
    limit = 100,
    cursor,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Wanted statuses; may repeat.
     */
    status?: Array<CandidateStatus>,
    /**
     * Wanted kinds; may repeat.
     */
    kind?: Array<string>,
    /**
     * A part of the candidate's id, in any case.
     */
    q?: string,
    /**
     * `meta[KEY]=VALUE`; each key narrows to candidates whose metadata has exactly that value.
     */
    meta?: Record<string, string>,
    /**
     * Wanted kinds of attention; may repeat.
     */
    attention?: Array<AttentionKind>,
    /**
     * Order; `id` when absent.
     */
    sort?: CandidateSort,
    /**
     * Length of a page.
     */
    limit?: number,
    /**
     * `nextCursor` of the page before, with the same other parameters. Opaque.
     */
    cursor?: string,
  }): CancelablePromise<CandidateList> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations/{id}/candidates',
      path: {
        'id': id,
      },
      query: {
        'status': status,
        'kind': kind,
        'q': q,
        'meta': meta,
        'attention': attention,
        'sort': sort,
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
  /**
   * Submit discovered candidates
   * Merges what discovery found. Candidates that are `not_started` or `queued` are replaced, `running` and
   * `completed` ones stay untouched (`preserved`), and absence deletes nothing. At most 10,000 candidates of
   * 64 KiB each, no id twice.
   *
   * @returns SubmitResult What was done.
   * @throws ApiError
   */
  public submitCandidates({
    id,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    requestBody: SubmitCandidatesRequest,
  }): CancelablePromise<SubmitResult> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/candidates',
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
   * Candidates as a file
   * Every candidate that matches, streamed in the order of the list; one that changes meanwhile is told as it is when
   * its page is read. CSV is RFC 4180 with a header line; `inputs`, `metadata` and `state` are JSON, and a text that a
   * spreadsheet would take for a formula has an apostrophe before it. NDJSON has one candidate a line, as the list has
   * them. By `format` the file is told from a candidate whose id is `export`: without any parameter, this path is that
   * candidate's, as `getCandidate` has it.
   * A file that is not whole never looks whole: where the store fails midway, the connection is cut before the last
   * chunk of the body, which HTTP clients report as an error (curl: exit code 18).
   *
   * @returns string The file.
   * @throws ApiError
   */
  public exportCandidates({
    id,
    format,
    status,
    kind,
    q,
    meta,
    attention,
    sort,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * Form of the file.
     */
    format: ExportFormat,
    /**
     * Wanted statuses; may repeat.
     */
    status?: Array<CandidateStatus>,
    /**
     * Wanted kinds; may repeat.
     */
    kind?: Array<string>,
    /**
     * A part of the candidate's id, in any case.
     */
    q?: string,
    /**
     * `meta[KEY]=VALUE`; each key narrows to candidates whose metadata has exactly that value.
     */
    meta?: Record<string, string>,
    /**
     * Wanted kinds of attention; may repeat.
     */
    attention?: Array<AttentionKind>,
    /**
     * Order; `id` when absent.
     */
    sort?: CandidateSort,
  }): CancelablePromise<string> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations/{id}/candidates/export',
      path: {
        'id': id,
      },
      query: {
        'format': format,
        'status': status,
        'kind': kind,
        'q': q,
        'meta': meta,
        'attention': attention,
        'sort': sort,
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
   * Remove candidates that are no longer found
   * Removes candidates that are `not_started`: with `discoveryId` those that this discovery did not submit, with
   * `ids` exactly those. Exactly one of both. Queued, running and completed ones are kept and counted. A request
   * removes 10,000 at most: repeat it while `remaining` is not 0. Cancelled attempts stay, and one that is submitted
   * again goes on with the next attempt number. Which candidates a discovery submitted is known of the eight last
   * heard of; another one is a 400 that names those, and so is one that submitted none, unless `allowEmpty` says
   * that everything may go.
   *
   * @returns PruneResult What was removed, and what was kept.
   * @throws ApiError
   */
  public pruneCandidates({
    id,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    requestBody: PruneCandidatesRequest,
  }): CancelablePromise<PruneResult> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/candidates/prune',
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
   * Values of candidate fields, with counts
   * For each key (`kind` or an indexed metadata key) its values with the number of candidates that have each.
   * A key that is not indexed is a 400 that names the indexed ones.
   *
   * @returns FacetList One facet a key, in the order asked for.
   * @throws ApiError
   */
  public getFacets({
    id,
    keys,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * The keys; may repeat. Absent, `kind` and every indexed metadata key.
     */
    keys?: Array<string>,
  }): CancelablePromise<FacetList> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations/{id}/facets',
      path: {
        'id': id,
      },
      query: {
        'keys': keys,
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
  /**
   * Get a candidate with its status
   * The candidate as discovered, where it stands, and its run when it has one.
   * @returns CandidateWithStatus The candidate.
   * @throws ApiError
   */
  public getCandidate({
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
  }): CancelablePromise<CandidateWithStatus> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations/{id}/candidates/{cid}',
      path: {
        'id': id,
        'cid': cid,
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
   * Candidates of all migrations in which a person must act
   * The longest waiting first, a page at a time. `counts` are of all migrations, whatever kinds are wanted. A page may
   * hold less than `limit` where rows have changed while it was made; `nextCursor` says whether there are more.
   *
   * @returns AttentionList A page; `[]` when nobody is waited for.
   * @throws ApiError
   */
  public listAttention({
    kind,
    limit = 100,
    cursor,
  }: {
    /**
     * Wanted kinds of attention; may repeat.
     */
    kind?: Array<AttentionKind>,
    /**
     * Length of a page.
     */
    limit?: number,
    /**
     * `nextCursor` of the page before, with the same other parameters. Opaque.
     */
    cursor?: string,
  }): CancelablePromise<AttentionList> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/attention',
      query: {
        'kind': kind,
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
}
