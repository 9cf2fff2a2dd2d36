/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Whether the migration was paused by itself, or all of them are.
 */
export type PauseScope = 'migration' | 'all';
