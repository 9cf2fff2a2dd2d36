/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AttemptOutcome } from './AttemptOutcome';
import type { StepState } from './StepState';
export type RunAttempt = {
  attempt: number;
  outcome: AttemptOutcome;
  /**
   * Absent when it was cancelled while queued.
   */
  startedAt?: string;
  /**
   * Absent while it runs.
   */
  endedAt?: string;
  cancelledBy?: string;
  /**
   * Why it was cancelled.
   */
  reason?: string;
  /**
   * What each step reached.
   */
  steps: Array<StepState>;
};
