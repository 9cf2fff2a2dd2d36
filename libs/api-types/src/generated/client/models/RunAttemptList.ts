/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { RunAttempt } from './RunAttempt';
export type RunAttemptList = {
  attempts: Array<RunAttempt>;
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
};
