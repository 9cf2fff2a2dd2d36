/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { EntityId } from './EntityId';
export type AcceptLostAttempts = {
  migrationId?: EntityId;
  firstAttempt: number;
};
