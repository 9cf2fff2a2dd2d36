/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
import type { FileGroup } from './FileGroup';
import type { StepDefinition } from './StepDefinition';
import type { StringMap } from './StringMap';
/**
 * One target of one migration, as discovered; at most 64 KiB.
 */
export type Candidate = {
  id: EntityId;
  /**
   * What it is, e.g. `application`.
   */
  kind?: string;
  metadata?: StringMap;
  state?: StringMap;
  files?: Array<FileGroup>;
  /**
   * When not empty, these replace the migration's steps for this candidate; names differ.
   */
  steps?: Array<StepDefinition>;
};
