/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { StepDryRunResult } from './StepDryRunResult';
export type DryRunResult = {
  steps: Array<StepDryRunResult>;
};
