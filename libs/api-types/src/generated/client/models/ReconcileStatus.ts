/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { Reconciliation } from './Reconciliation';
import type { StoreState } from './StoreState';
export type ReconcileStatus = {
  store: StoreState;
  lostAt?: string;
  waiting: number;
  reconciliation?: Reconciliation;
};
