/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * `id` ascending, newest change first, or longest waiting for a person first.
 */
export type CandidateSort = 'id' | '-updatedAt' | 'attention';
