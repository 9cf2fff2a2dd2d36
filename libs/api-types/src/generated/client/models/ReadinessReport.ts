/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { DependencyReport } from './DependencyReport';
import type { ReadinessStatus } from './ReadinessStatus';
export type ReadinessReport = {
  status: ReadinessStatus;
  dependencies: Array<DependencyReport>;
};
