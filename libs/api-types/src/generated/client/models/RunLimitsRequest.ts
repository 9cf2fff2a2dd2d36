/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * How many candidates may be running at the same time. Its field is required, so that a misspelt one takes no
 * limit away.
 *
 */
export type RunLimitsRequest = {
  /**
   * `null`, any number.
   */
  maxRunning: number | null;
};
