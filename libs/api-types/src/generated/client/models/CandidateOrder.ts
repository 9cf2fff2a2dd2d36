/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { CandidateSort } from './CandidateSort';
/**
 * Order; `id` when absent.
 */
export type CandidateOrder = CandidateSort;
