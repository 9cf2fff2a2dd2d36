/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AttentionKind } from './AttentionKind';
/**
 * Why a person should look, and since when.
 */
export type Attention = {
  kind: AttentionKind;
  since: string;
  detail?: string;
};
