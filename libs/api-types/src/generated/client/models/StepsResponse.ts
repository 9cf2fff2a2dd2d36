/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { RunStatus } from './RunStatus';
import type { StepState } from './StepState';
export type StepsResponse = {
  runId: string;
  attempt: number;
  status: RunStatus;
  steps: Array<StepState>;
};
