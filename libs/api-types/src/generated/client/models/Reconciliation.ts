/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { ReconcileReport } from './ReconcileReport';
import type { ReconciliationStatus } from './ReconciliationStatus';
export type Reconciliation = {
  id: string;
  status: ReconciliationStatus;
  report?: ReconcileReport;
};
