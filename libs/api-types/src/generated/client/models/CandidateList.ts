/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { CandidateWithStatus } from './CandidateWithStatus';
import type { Counts } from './Counts';
import type { TotalRelation } from './TotalRelation';
export type CandidateList = {
  candidates: Array<CandidateWithStatus>;
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
  total: number;
  totalRelation: TotalRelation;
  counts: Counts;
  /**
   * Where the event stream stood when the page was read.
   */
  streamPosition: string;
};
