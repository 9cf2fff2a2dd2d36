/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
export type RetryStepRequest = {
  stepName: string;
  /**
   * The failed step attempt that is answered.
   */
  attempt?: number;
};
