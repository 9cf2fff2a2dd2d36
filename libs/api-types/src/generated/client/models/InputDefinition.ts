/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * A value that an operator supplies.
 */
export type InputDefinition = {
  /**
   * Key of the input; merged into the candidate's metadata.
   */
  name: string;
  label: string;
  description?: string;
};
