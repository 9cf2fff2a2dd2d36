/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
import type { StringMap } from './StringMap';
export type DryRunByCandidateId = {
  candidateId: EntityId;
  inputs?: StringMap;
};
