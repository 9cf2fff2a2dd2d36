/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Wanted kinds; may repeat.
 */
export type CandidateKindFilter = Array<string>;
