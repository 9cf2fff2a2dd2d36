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
   * When the migrator last said anything of it; until then, the same as `since`.
   */
  lastHeardAt: string;
  reason?: string;
};
