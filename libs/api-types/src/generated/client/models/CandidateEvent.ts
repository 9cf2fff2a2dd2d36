/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AttentionKind } from './AttentionKind';
import type { CandidateStatus } from './CandidateStatus';
import type { EntityId } from './EntityId';
/**
 * A candidate's status or attention changed, or it was removed.
 */
export type CandidateEvent = {
  migrationId: EntityId;
  candidateId: EntityId;
  status: CandidateStatus;
  /**
   * Run attempt.
   */
  attempt?: number;
  updatedAt: string;
  attention?: AttentionKind;
  /**
   * True when the candidate was removed; `status` is what it was.
   */
  removed?: boolean;
};
