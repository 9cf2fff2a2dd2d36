/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
/**
 * Exactly one of `discoveryId` and `ids`.
 */
export type PruneCandidatesRequest = {
  /**
   * Removes what it did not submit.
   */
  discoveryId?: string;
  ids?: Array<EntityId>;
  /**
   * Only tells what would be removed.
   */
  preview?: boolean;
  /**
   * Takes a discovery that submitted no candidate at its word, and removes all that are not started.
   */
  allowEmpty?: boolean;
};
