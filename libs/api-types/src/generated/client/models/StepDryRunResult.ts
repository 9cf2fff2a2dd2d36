/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { FileDiff } from './FileDiff';
export type StepDryRunResult = {
  stepName: string;
  /**
   * Not simulated; by another migrator, or not to be shown beforehand.
   */
  skipped: boolean;
  error?: string;
  files?: Array<FileDiff>;
};
