/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * `lost`: it has lost its data, and no attempt begins before their numbers are restored.
 */
export type StoreState = 'sound' | 'lost';
