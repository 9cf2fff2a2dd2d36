/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
import type { OtherStepStatistics } from './OtherStepStatistics';
import type { RunDurations } from './RunDurations';
import type { StepStatistics } from './StepStatistics';
export type MigrationStatistics = {
  migrationId: EntityId;
  runs: RunDurations;
  steps: Array<StepStatistics>;
  otherSteps?: OtherStepStatistics;
};
