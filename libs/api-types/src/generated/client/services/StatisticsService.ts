/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Burndown } from '../models/Burndown';
import type { EntityId } from '../models/EntityId';
import type { FailureList } from '../models/FailureList';
import type { MigrationStatistics } from '../models/MigrationStatistics';
import type { StatisticsOverview } from '../models/StatisticsOverview';
import type { Timeline } from '../models/Timeline';
import type { CancelablePromise } from '../core/CancelablePromise';
import type { BaseHttpRequest } from '../core/BaseHttpRequest';
export class StatisticsService {
  constructor(public readonly httpRequest: BaseHttpRequest) {}
  /**
   * How long a migration's steps take, and how often they fail
   * Of all step attempts that ended, from their first dispatch on: the steps of the definition in its order, then those
   * of candidates' own lists in the order in which they were first seen. Everything is counted when it happens, each
   * step attempt once, however often it was reported. `p50` and `p95` are within 5 % of the true values, means exact.
   * Up to 400 step names are told apart; what came with further ones is in `otherSteps`.
   *
   * @returns MigrationStatistics What was counted so far.
   * @throws ApiError
   */
  public getMigrationStatistics({
    id,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
  }): CancelablePromise<MigrationStatistics> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations/{id}/statistics',
      path: {
        'id': id,
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
   * How far a migration was at the end of each day
   * One entry a UTC day up to today, oldest first; today's is as of now, and a day without a change is as the one before.
   * Days are kept for 400 days.
   *
   * @returns Burndown One entry a day.
   * @throws ApiError
   */
  public getBurndown({
    id,
    days = 30,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * How many UTC days up to today.
     */
    days?: number,
  }): CancelablePromise<Burndown> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations/{id}/burndown',
      path: {
        'id': id,
      },
      query: {
        'days': days,
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
   * Where all migrations stand together
   * Sums over all migrations, kept up to date as things happen. They may be behind by moments. Where they stand is told
   * of those that are not archived; what happened lately, of all.
   *
   * @returns StatisticsOverview As of now.
   * @throws ApiError
   */
  public getStatisticsOverview(): CancelablePromise<StatisticsOverview> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/statistics/overview',
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
   * What happened on each day
   * One entry a UTC day up to today, oldest first, zeros included; of one migration or of all. A day is that of the
   * write which made it happen. Days are kept for 400 days.
   *
   * @returns Timeline One entry a day.
   * @throws ApiError
   */
  public getTimeline({
    days = 30,
    migrationId,
  }: {
    /**
     * How many UTC days up to today.
     */
    days?: number,
    /**
     * Only of this migration.
     */
    migrationId?: EntityId,
  }): CancelablePromise<Timeline> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/statistics/timeline',
      query: {
        'days': days,
        'migrationId': migrationId,
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
   * Step attempts that failed lately
   * Newest first, of one migration or of all. The newest 1,000 of a migration, and the newest 1,000 of all together, are
   * kept, each with the first 512 bytes of its reason.
   *
   * @returns FailureList A page; `[]` when there is none.
   * @throws ApiError
   */
  public listFailures({
    limit = 100,
    cursor,
    migrationId,
  }: {
    /**
     * Length of a page.
     */
    limit?: number,
    /**
     * `nextCursor` of the page before, with the same other parameters. Opaque.
     */
    cursor?: string,
    /**
     * Only of this migration.
     */
    migrationId?: EntityId,
  }): CancelablePromise<FailureList> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/statistics/failures',
      query: {
        'limit': limit,
        'cursor': cursor,
        'migrationId': migrationId,
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
