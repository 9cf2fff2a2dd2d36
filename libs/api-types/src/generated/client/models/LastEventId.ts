/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Id of the last frame received; wins over `from`.
 */
export type LastEventId = string;
