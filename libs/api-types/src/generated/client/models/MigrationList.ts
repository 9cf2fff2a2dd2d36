/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Migration } from './Migration';
export type MigrationList = {
  migrations: Array<Migration>;
  /**
   * Absent on the last page.
   */
  nextCursor?: string;
};
