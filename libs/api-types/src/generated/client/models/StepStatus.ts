/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * `not_started` is planned and not dispatched; `completed`, `merged`, `failed` end a step attempt.
 */
export type StepStatus = 'not_started' | 'in_progress' | 'open' | 'awaiting_review' | 'completed' | 'merged' | 'failed';
