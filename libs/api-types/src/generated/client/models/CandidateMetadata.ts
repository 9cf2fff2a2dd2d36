/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * `meta[KEY]=VALUE`; each key narrows to candidates whose metadata has exactly that value.
 */
export type CandidateMetadata = Record<string, string>;
