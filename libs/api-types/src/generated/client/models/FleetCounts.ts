/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Candidates of all migrations by status.
 */
export type FleetCounts = {
  not_started: number;
  queued: number;
  running: number;
  completed: number;
  total: number;
  attention: number;
};
