/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
export type SubmitResult = {
  added: number;
  updated: number;
  unchanged: number;
  /**
   * Running or completed ones, left alone.
   */
  preserved: number;
};
