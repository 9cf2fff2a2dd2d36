/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { BurndownDay } from './BurndownDay';
import type { EntityId } from './EntityId';
export type Burndown = {
  migrationId: EntityId;
  days: Array<BurndownDay>;
};
