/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Role of a principal; `system` is a part of Loom itself.
 */
export type AuditRole = 'viewer' | 'operator' | 'migrator' | 'admin' | 'system';
