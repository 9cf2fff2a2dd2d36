/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Why a person should look. `stale` is reserved: nothing sets it until the silence of migrators is measured, so no
 * client should wait for it; filtering by it finds nothing.
 */
export type AttentionKind = 'step_failed' | 'awaiting_review' | 'stale';
