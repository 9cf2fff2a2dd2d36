/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * When it was archived, by whom, and why.
 */
export type Archived = {
  at: string;
  by: string;
  reason?: string;
};
