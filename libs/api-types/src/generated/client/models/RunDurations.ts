/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * How long completed runs took from their start.
 */
export type RunDurations = {
  count: number;
  /**
   * Exact; absent while there is none.
   */
  meanSeconds?: number;
  /**
   * Within 5 %; absent while there is none.
   */
  p50Seconds?: number;
  /**
   * Within 5 %; absent while there is none.
   */
  p95Seconds?: number;
};
