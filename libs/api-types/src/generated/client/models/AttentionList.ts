/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AttentionCounts } from './AttentionCounts';
import type { AttentionItem } from './AttentionItem';
export type AttentionList = {
  items: Array<AttentionItem>;
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
  counts: AttentionCounts;
};
