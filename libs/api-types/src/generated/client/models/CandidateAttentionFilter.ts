/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AttentionKind } from './AttentionKind';
/**
 * Wanted kinds of attention; may repeat.
 */
export type CandidateAttentionFilter = Array<AttentionKind>;
