/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Pause } from './Pause';
/**
 * What operators have set for all migrations together.
 */
export type Controls = {
  paused?: Pause;
};
