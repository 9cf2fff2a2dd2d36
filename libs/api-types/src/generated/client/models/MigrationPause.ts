/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { PauseScope } from './PauseScope';
/**
 * Since when nothing is dispatched, by whose wish, and why; its own pause where all are paused as well.
 */
export type MigrationPause = {
  at: string;
  by: string;
  reason?: string;
  scope: PauseScope;
};
