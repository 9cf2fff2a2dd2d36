/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { DryRunByCandidate } from './DryRunByCandidate';
import type { DryRunByCandidateId } from './DryRunByCandidateId';
/**
 * Exactly one of `candidateId` and `candidate`.
 */
export type MigrationDryRunRequest = (DryRunByCandidateId | DryRunByCandidate);
