/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { StepFailure } from './StepFailure';
export type FailureList = {
  failures: Array<StepFailure>;
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
};
