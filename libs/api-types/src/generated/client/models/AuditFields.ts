/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * A few fields of what changed, such as status and attempt, revision, counts, or inputs.
 */
export type AuditFields = Record<string, any>;
