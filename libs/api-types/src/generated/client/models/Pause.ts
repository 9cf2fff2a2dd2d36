/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Since when nothing is dispatched, by whose wish, and why.
 */
export type Pause = {
  at: string;
  by: string;
  reason?: string;
};
