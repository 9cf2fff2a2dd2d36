/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Events were missed; list anew.
 */
export type ResetEvent = {
  reason: string;
};
