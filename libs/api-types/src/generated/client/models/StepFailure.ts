/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
/**
 * A step attempt that failed.
 */
export type StepFailure = {
  runId: string;
  migrationId: EntityId;
  candidateId: EntityId;
  runAttempt: number;
  stepName: string;
  /**
   * Step attempt.
   */
  attempt: number;
  at: string;
  reason?: string;
};
