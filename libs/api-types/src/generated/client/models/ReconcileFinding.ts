/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { ReconcileAct } from './ReconcileAct';
export type ReconcileFinding = {
  runId: string;
  runAttempt: number;
  did: ReconcileAct;
  reason: string;
};
