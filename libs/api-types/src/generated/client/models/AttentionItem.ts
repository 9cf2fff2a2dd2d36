/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { CandidateWithStatus } from './CandidateWithStatus';
import type { EntityId } from './EntityId';
export type AttentionItem = {
  migrationId: EntityId;
  candidate: CandidateWithStatus;
};
