/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { DependencyStatus } from './DependencyStatus';
export type DependencyReport = {
  name: string;
  status: DependencyStatus;
  detail?: string;
};
