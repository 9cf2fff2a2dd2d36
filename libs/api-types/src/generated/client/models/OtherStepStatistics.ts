/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Of all steps whose names came when 400 others were known.
 */
export type OtherStepStatistics = {
  /**
   * Step attempts that ended.
   */
  attempts: number;
  /**
   * Step attempts that reported `open`.
   */
  opened: number;
  passed: number;
  failed: number;
  /**
   * Absent while none ended.
   */
  failureRate?: number;
  /**
   * Exact; absent while none ended.
   */
  meanSeconds?: number;
  /**
   * Within 5 %; absent while none ended.
   */
  p50Seconds?: number;
  /**
   * Within 5 %; absent while none ended.
   */
  p95Seconds?: number;
};
