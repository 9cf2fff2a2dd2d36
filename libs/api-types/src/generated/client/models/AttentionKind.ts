/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Why a person should look.
 */
export type AttentionKind = 'step_failed' | 'awaiting_review' | 'stale';
