/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { StringMap } from './StringMap';
/**
 * One unit of work, executed by the migrator named in `migratorApp`.
 */
export type StepDefinition = {
  /**
   * Unique within its list.
   */
  name: string;
  description?: string;
  migratorApp: string;
  /**
   * Free for the migrator to route by; the console knows `manual-review`.
   */
  type?: string;
  config?: StringMap;
  /**
   * URLs of files that the step touches.
   */
  files?: Array<string>;
  /**
   * From the first dispatch of a step attempt to its terminal event, at most a year; absent, there is no
   * deadline.
   *
   */
  timeoutSeconds?: number;
};
