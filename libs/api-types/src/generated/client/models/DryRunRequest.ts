/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Candidate } from './Candidate';
import type { EntityId } from './EntityId';
import type { StepDefinition } from './StepDefinition';
/**
 * What a migrator is asked to simulate; the inputs are merged into the candidate's metadata.
 */
export type DryRunRequest = {
  migrationId: EntityId;
  candidate: Candidate;
  steps: Array<StepDefinition>;
};
