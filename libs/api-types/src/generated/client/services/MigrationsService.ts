/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { ArchiveRequest } from '../models/ArchiveRequest';
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
   * Registered migrations by id, a page at a time, each with the counts of its candidates. Archived ones are left
   * out, or with `archived=true` listed alone. A page may be short, or empty, though there is a `nextCursor`.
   *
   * @returns MigrationList A page; `[]` when there is none.
   * @throws ApiError
   */
  public listMigrations({
    archived,
    limit = 100,
    cursor,
  }: {
    /**
     * `true` for the archived ones only.
     */
    archived?: boolean,
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
        'archived': archived,
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
  /**
   * Archive a migration
   * Takes a migration that is done with out of the list and of the sums over all. It stays whole and can be read by its
   * id; nothing of it can be started or queued (409 `migration_archived`). Its migrator may announce it and submit
   * candidates as before, which does not bring it back. While something is queued or running it is a 409
   * `migration_in_use`. Archiving what is archived changes nothing, and the first reason stays.
   *
   * @returns Migration The migration as it is now.
   * @throws ApiError
   */
  public archiveMigration({
    id,
    requestBody,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
    requestBody?: ArchiveRequest,
  }): CancelablePromise<Migration> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/archive',
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
        409: `\`migration_in_use\`: candidates of it are queued or running.`,
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
   * Unarchive a migration
   * It is listed and can be started again, as it was. Unarchiving what is not archived changes nothing.
   * @returns Migration The migration as it is now.
   * @throws ApiError
   */
  public unarchiveMigration({
    id,
  }: {
    /**
     * Id of the migration.
     */
    id: EntityId,
  }): CancelablePromise<Migration> {
    return this.httpRequest.request({
      method: 'POST',
      url: '/migrations/{id}/unarchive',
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
}
