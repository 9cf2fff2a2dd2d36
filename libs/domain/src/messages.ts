import type { StepState } from './run';

/** Names of the workflow's type, signals and query; shared by engine and worker, so they never drift apart. */
export const RUN_WORKFLOW = 'MigrationOrchestrator';
export const RECONCILE_WORKFLOW = 'ReconcileRuns';
export const SIGNALS = {
  stepEvent: 'stepEvent',
  retryStep: 'retryStep',
  updateInputs: 'updateInputs',
  release: 'release',
} as const;
export const PROGRESS_QUERY = 'progress';
/** The Temporal header that carries a trace; the name that Temporal's own interceptors use, in every language. */
export const TRACE_HEADER = '_tracer-data';

/** The operator's answer to one failed step attempt; it never acts on a later one. */
export interface RetryStepMessage {
  runAttempt: number;
  stepName: string;
  /** The failed step attempt that this retry answers. */
  attempt: number;
  /** Who asked, for the history. */
  by: string;
}

/** A change of operator inputs; merged in the order received. */
export interface UpdateInputsMessage {
  runAttempt: number;
  inputs: Record<string, string>;
  by: string;
}

/** How a run attempt ended. `closed`: the store had said that it was over already, or never was. */
export type RunEnd = 'completed' | 'cancelled' | 'closed';

/** Dispatch is no longer paused. It says nothing of which dispatch waits: a run that holds none drops it. */
export interface ReleaseMessage {
  runAttempt: number;
}

/** What the `progress` query answers, for reconciliation and debugging only. It answers of ended workflows as well. */
export interface RunProgress {
  runAttempt: number;
  seq: number;
  phase: string;
  currentStep: number;
  steps: StepState[];
  inputs?: Record<string, string>;
  /** Absent while it goes on, and where it was ended from outside. */
  end?: RunEnd;
}
