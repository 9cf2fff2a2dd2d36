/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { FileDiffStatus } from './FileDiffStatus';
export type FileDiff = {
  /**
   * From the root of the repository.
   */
  path: string;
  repo: string;
  /**
   * Absent or empty for a new file.
   */
  before?: string;
  /**
   * Empty for a deleted file.
   */
  after: string;
  status: FileDiffStatus;
};
