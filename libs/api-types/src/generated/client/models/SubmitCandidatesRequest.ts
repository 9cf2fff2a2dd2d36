/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Candidate } from './Candidate';
export type SubmitCandidatesRequest = {
  /**
   * No id twice.
   */
  candidates: Array<Candidate>;
  /**
   * Names the discovery that found them, in all of its submits; a prune may refer to it.
   */
  discoveryId?: string;
};
