/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { CurrentStep } from './CurrentStep';
import type { StringMap } from './StringMap';
/**
 * The run of a candidate.
 */
export type Run = {
  runId: string;
  /**
   * Run attempt: 1, 2, 3 …; 0 while queued.
   */
  attempt: number;
  startedAt?: string;
  completedAt?: string;
  cancelRequestedAt?: string;
  /**
   * Since when its next dispatch waits for a pause to end.
   */
  heldSince?: string;
  inputs: StringMap;
  currentStep?: CurrentStep;
};
