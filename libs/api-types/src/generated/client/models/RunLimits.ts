/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * How many candidates may be running at the same time.
 */
export type RunLimits = {
  /**
   * Absent, any number.
   */
  maxRunning?: number;
};
