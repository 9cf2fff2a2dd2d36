/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * `gte` where only a lower bound is cheap to know.
 */
export type TotalRelation = 'eq' | 'gte';
