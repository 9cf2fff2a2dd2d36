/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * `nextCursor` of the page before, with the same other parameters. Opaque.
 */
export type Cursor = string;
