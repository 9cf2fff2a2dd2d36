/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AuditAction } from './AuditAction';
import type { AuditActor } from './AuditActor';
import type { AuditFields } from './AuditFields';
import type { EntityId } from './EntityId';
/**
 * One mutation. Secrets are never in it. Values of inputs are cut at 256 bytes, and a callback by its id alone is
 * told as the actor `migrator`.
 *
 */
export type AuditEntry = {
  /**
   * Unique; opaque.
   */
  id: string;
  /**
   * By the clock of the store.
   */
  at: string;
  actor: AuditActor;
  action: AuditAction;
  migrationId?: EntityId;
  candidateId?: EntityId;
  runId?: string;
  runAttempt?: number;
  before?: AuditFields;
  after?: AuditFields;
  reason?: string;
  /**
   * `x-request-id` of the request.
   */
  requestId?: string;
  /**
   * Address of the client.
   */
  from?: string;
};
