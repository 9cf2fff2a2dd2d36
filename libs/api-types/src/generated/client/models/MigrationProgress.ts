/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Migrations by how far they are: `notStarted` without a candidate that was queued, `completed` with all of their
 * candidates, of which there is at least one.
 */
export type MigrationProgress = {
  total: number;
  notStarted: number;
  inProgress: number;
  completed: number;
};
