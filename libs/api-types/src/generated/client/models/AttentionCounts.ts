/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AttentionByKind } from './AttentionByKind';
/**
 * Candidates of all migrations in which a person must act.
 */
export type AttentionCounts = {
  attention: number;
  attentionByKind: AttentionByKind;
};
