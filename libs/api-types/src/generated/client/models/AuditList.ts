/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { AuditEntry } from './AuditEntry';
export type AuditList = {
  entries: Array<AuditEntry>;
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
};
