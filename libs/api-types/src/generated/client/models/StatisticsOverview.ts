/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Activity } from './Activity';
import type { Counts } from './Counts';
import type { MigrationProgress } from './MigrationProgress';
export type StatisticsOverview = {
  migrations: MigrationProgress;
  candidates: Counts;
  today: Activity;
  last7Days: Activity;
  last30Days: Activity;
};
