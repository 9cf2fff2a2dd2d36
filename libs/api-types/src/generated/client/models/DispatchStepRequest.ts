/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Candidate } from './Candidate';
import type { EntityId } from './EntityId';
import type { StringMap } from './StringMap';
/**
 * One step attempt to carry out.
 */
export type DispatchStepRequest = {
  migrationId: EntityId;
  stepName: string;
  stepIndex: number;
  candidate: Candidate;
  config?: StringMap;
  inputs?: StringMap;
  type?: string;
  /**
   * Opaque and secret; posted back unchanged.
   */
  callbackId: string;
  /**
   * Where to post events, when the deployment knows its own address.
   */
  callbackUrl?: string;
  /**
   * `step-completed:{step}:{candidate}`
   */
  eventName: string;
  migratorApp: string;
  migratorUrl: string;
  runId: string;
  /**
   * Step attempt.
   */
  attempt: number;
  runAttempt: number;
};
