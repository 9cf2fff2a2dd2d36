/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { StepStatus } from './StepStatus';
import type { StringMap } from './StringMap';
/**
 * What is known of one step of a run.
 */
export type StepState = {
  stepName: string;
  description?: string;
  type?: string;
  status: StepStatus;
  /**
   * Step attempt; 0 while only planned.
   */
  attempt: number;
  startedAt?: string;
  updatedAt?: string;
  completedAt?: string;
  /**
   * When the migrator last said anything of this attempt; absent until then.
   */
  lastHeardAt?: string;
  metadata?: StringMap;
  reason?: string;
};
