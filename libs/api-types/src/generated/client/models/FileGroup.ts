/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { FileRef } from './FileRef';
/**
 * Files of one repository that a migration will touch.
 */
export type FileGroup = {
  /**
   * What the group is, e.g. `prod`.
   */
  name: string;
  repo: string;
  files: Array<FileRef>;
};
