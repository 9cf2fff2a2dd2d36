/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from '../models/EntityId';
import type { Migration } from '../models/Migration';
import type { MigrationInclude } from '../models/MigrationInclude';
import type { MigrationList } from '../models/MigrationList';
import type { CancelablePromise } from '../core/CancelablePromise';
import type { BaseHttpRequest } from '../core/BaseHttpRequest';
export class MigrationsService {
  constructor(public readonly httpRequest: BaseHttpRequest) {}
  /**
   * List migrations
   * Registered migrations by id, a page at a time, each with the counts of its candidates.
   * @returns MigrationList A page; `[]` when there is none.
   * @throws ApiError
   */
  public listMigrations({
    limit = 100,
    cursor,
  }: {
    /**
     * Length of a page.
     */
    limit?: number,
    /**
     * `nextCursor` of the page before, with the same other parameters. Opaque.
     */
    cursor?: string,
  }): CancelablePromise<MigrationList> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations',
      query: {
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
   * Get a migration
   * The definition with its counts. `include` adds the runs of candidates that are not `not_started`, and the
   * cancelled attempts: the first 1,000 of each.
   *
   * @returns Migration The migration.
   * @throws ApiError
   */
  public getMigration({
    id,
    include,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    /**
     * What to add; may repeat.
     */
    include?: Array<MigrationInclude>,
  }): CancelablePromise<Migration> {
    return this.httpRequest.request({
      method: 'GET',
      url: '/migrations/{id}',
      path: {
        'id': id,
      },
      query: {
        'include': include,
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
