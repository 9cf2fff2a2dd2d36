/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { CancelledAttempt } from './CancelledAttempt';
export type CancelledAttemptList = {
  cancelledAttempts: Array<CancelledAttempt>;
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
};
