/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Attention } from './Attention';
import type { CandidateStatus } from './CandidateStatus';
import type { EntityId } from './EntityId';
import type { FileGroup } from './FileGroup';
import type { Run } from './Run';
import type { StepDefinition } from './StepDefinition';
import type { StringMap } from './StringMap';
/**
 * A candidate with where it stands.
 */
export type CandidateWithStatus = {
  id: EntityId;
  kind?: string;
  metadata?: StringMap;
  state?: StringMap;
  files?: Array<FileGroup>;
  steps?: Array<StepDefinition>;
  status: CandidateStatus;
  updatedAt: string;
  run?: Run;
  attention?: Attention;
};
