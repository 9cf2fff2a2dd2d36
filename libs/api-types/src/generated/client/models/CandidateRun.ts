/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { CandidateStatus } from './CandidateStatus';
export type CandidateRun = {
  runId: string;
  status: CandidateStatus;
  /**
   * Run attempt: 1, 2, 3 …; 0 while queued.
   */
  attempt: number;
};
