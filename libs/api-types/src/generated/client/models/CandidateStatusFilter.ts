/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { CandidateStatus } from './CandidateStatus';
/**
 * Wanted statuses; may repeat.
 */
export type CandidateStatusFilter = Array<CandidateStatus>;
