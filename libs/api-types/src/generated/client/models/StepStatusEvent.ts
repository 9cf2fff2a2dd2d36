/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
import type { StepEventStatus } from './StepEventStatus';
import type { StringMap } from './StringMap';
/**
 * What is reported of one step attempt; at most 64 KiB. A run keeps up to 4 KiB of a reason, 64 KiB of a step's metadata, and about 800 KiB of everything; metadata that does not fit is named in `loom.dropped`.
 */
export type StepStatusEvent = {
  stepName: string;
  candidateId: EntityId;
  status: StepEventStatus;
  metadata?: StringMap;
  reason?: string;
  /**
   * The same id again is the same event.
   */
  eventId?: string;
  /**
   * With a bare run id; absent, the current one.
   */
  runAttempt?: number;
  /**
   * With a bare run id; absent, the current step attempt.
   */
  attempt?: number;
};
