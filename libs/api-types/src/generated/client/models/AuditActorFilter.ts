/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
/**
 * Only entries of the actor with this id.
 */
export type AuditActorFilter = string;
