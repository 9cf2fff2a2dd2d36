/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * The `streamPosition` of a list; events after it are sent first, so that nothing is missed between.
 */
export type StreamFrom = string;
