/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
import type { StepState } from './StepState';
/**
 * A run attempt that was cancelled, with the steps that were dispatched in it.
 */
export type CancelStepRequest = {
  runId: string;
  runAttempt: number;
  candidateId: EntityId;
  steps: Array<StepState>;
};
