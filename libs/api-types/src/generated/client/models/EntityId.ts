/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Letters and digits with inner `.`, `_`, `-`; never `__`.
 */
export type EntityId = string;
