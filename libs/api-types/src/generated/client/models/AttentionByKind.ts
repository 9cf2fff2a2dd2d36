/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * What `attention` is made of.
 */
export type AttentionByKind = {
  step_failed: number;
  awaiting_review: number;
  stale: number;
};
