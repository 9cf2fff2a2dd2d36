/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
/**
 * Only entries of this candidate; demands `migrationId`.
 */
export type AuditCandidate = EntityId;
