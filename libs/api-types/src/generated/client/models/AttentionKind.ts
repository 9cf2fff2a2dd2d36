/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Why a person should look: the step failed; it waits for a review; or it is `in_progress` or `open`, and nothing
 * was heard of it for longer than the server allows (`stale`; by default a day, and a week where it is open; never
 * where the step has `timeoutSeconds`). The next sign of life takes `stale` back.
 */
export type AttentionKind = 'step_failed' | 'awaiting_review' | 'stale';
