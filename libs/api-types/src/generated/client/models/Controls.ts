/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Pause } from './Pause';
import type { RunLimits } from './RunLimits';
/**
 * What operators have set for all migrations together.
 */
export type Controls = {
  paused?: Pause;
  limits?: RunLimits;
  /**
   * Running candidates of all migrations, now.
   */
  running: number;
};
