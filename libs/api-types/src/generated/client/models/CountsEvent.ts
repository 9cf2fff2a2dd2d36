/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Counts } from './Counts';
import type { EntityId } from './EntityId';
/**
 * Counts of a migration changed; the newest of a burst.
 */
export type CountsEvent = {
  migrationId: EntityId;
  counts: Counts;
};
