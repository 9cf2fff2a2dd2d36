/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
export type PruneResult = {
  preview: boolean;
  /**
   * 0 in a preview.
   */
  removed: number;
  /**
   * How many a repeat would remove.
   */
  remaining: number;
  /**
   * Selected ones that stay.
   */
  kept: {
    queued: number;
    running: number;
    completed: number;
  };
  /**
   * Named ones that do not exist.
   */
  unknown: number;
  /**
   * Some that were removed; in a preview, some that would be.
   */
  examples: Array<EntityId>;
};
