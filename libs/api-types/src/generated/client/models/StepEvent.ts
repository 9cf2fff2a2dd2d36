/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
import type { StepState } from './StepState';
/**
 * A step changed.
 */
export type StepEvent = {
  migrationId: EntityId;
  candidateId: EntityId;
  runAttempt: number;
  step: StepState;
};
