/* generated using openapi-typescript-codegen -- do not edit */
/* istanbul ignore file */
/* tslint:disable */
/* eslint-disable */
import type { ReconcileFinding } from './ReconcileFinding';
export type ReconcileReport = {
  /**
   * Reservations whose workflow was started.
   */
  restarted: number;
  /**
   * Recorded cancels that were asked for again.
   */
  cancelsAsked: number;
  /**
   * Recorded cancels whose workflow was gone.
   */
  cancelsSettled: number;
  /**
   * Candidates that were found to be stale.
   */
  stale: number;
  /**
   * Held runs that were told that their pause is over.
   */
  released: number;
  /**
   * Comparisons of a run with its workflow.
   */
  compared: number;
  /**
   * Runs lost with the store that are still to be rebuilt.
   */
  waiting: number;
  /**
   * Where the store and Temporal disagreed; the first hundred.
   */
  findings: Array<ReconcileFinding>;
};
