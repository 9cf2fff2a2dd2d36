/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { StepStatus } from './StepStatus';
/**
 * The step that a run stands at.
 */
export type CurrentStep = {
  name: string;
  status: StepStatus;
  /**
   * Step attempt; 0 while only planned.
   */
  attempt: number;
  /**
   * When it took this status.
   */
  since: string;
  /**
   * The last sign of life of this step attempt: an event that was taken, or a repeat of the last one; until then,
   * when it was sent (or, while it is only planned, the same as `since`).
   */
  lastHeardAt: string;
  reason?: string;
};
