/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * What happened in some days.
 */
export type Activity = {
  /**
   * Runs that started.
   */
  started: number;
  /**
   * Runs that were completed.
   */
  completed: number;
  /**
   * Runs that were cancelled after they had started.
   */
  cancelled: number;
  /**
   * Step attempts that reported `open`: pull requests raised, and the like.
   */
  opened: number;
  /**
   * Step attempts that ended well.
   */
  passed: number;
  /**
   * Step attempts that failed.
   */
  failed: number;
  /**
   * Failed step attempts among those that ended; absent when none did.
   */
  failureRate?: number;
  /**
   * How long completed runs took from their start; absent when none was completed.
   */
  meanRunSeconds?: number;
};
