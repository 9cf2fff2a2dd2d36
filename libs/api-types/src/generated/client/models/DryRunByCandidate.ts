/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Candidate } from './Candidate';
import type { StringMap } from './StringMap';
export type DryRunByCandidate = {
  candidate: Candidate;
  inputs?: StringMap;
};
