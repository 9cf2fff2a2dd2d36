/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
import type { StepState } from './StepState';
/**
 * Audit record of a cancelled run attempt; unique by run id and attempt.
 */
export type CancelledAttempt = {
  runId: string;
  candidateId: EntityId;
  attempt: number;
  cancelledAt: string;
  cancelledBy: string;
  reason?: string;
  /**
   * What each step had reached; empty when it was cancelled while queued.
   */
  steps: Array<StepState>;
};
