/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AttentionByKind } from './AttentionByKind';
/**
 * Candidates by status; `attention` counts those in which a person must act.
 */
export type Counts = {
  not_started: number;
  queued: number;
  running: number;
  completed: number;
  total: number;
  attention: number;
  attentionByKind: AttentionByKind;
};
