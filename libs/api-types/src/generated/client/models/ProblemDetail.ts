/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
export type ProblemDetail = {
  /**
   * A JSON pointer into the body, or `/query/NAME`, `/path/NAME`, `/header/NAME`.
   */
  pointer: string;
  message: string;
};
