/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Activity } from './Activity';
import type { FleetCounts } from './FleetCounts';
import type { MigrationProgress } from './MigrationProgress';
export type StatisticsOverview = {
  migrations: MigrationProgress;
  candidates: FleetCounts;
  today: Activity;
  last7Days: Activity;
  last30Days: Activity;
};
