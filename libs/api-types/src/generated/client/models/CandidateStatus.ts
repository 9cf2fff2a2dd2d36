/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Where a candidate stands. A failed step leaves it `running`, needing attention.
 */
export type CandidateStatus = 'not_started' | 'queued' | 'running' | 'completed';
