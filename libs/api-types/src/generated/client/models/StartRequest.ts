/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { StringMap } from './StringMap';
export type StartRequest = {
  inputs?: StringMap;
  /**
   * Only for an admin's start of a candidate whose last attempt number was lost with the store
   * (`attempt_unknown`, or while its run waits to be rebuilt): the number to begin with, above all that were
   * used. Ignored by queue.
   *
   */
  attempt?: number;
};
