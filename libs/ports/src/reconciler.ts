/** `whole`: compare every run now, and not the share of one tick. */
export interface ReconcileOrder {
  whole?: boolean;
}

/** What the reconciliation found of a run, and did about it. `reported`: it could prove nothing, and changed nothing. */
export interface Finding {
  runId: string;
  runAttempt: number;
  did: 'settled' | 'completed' | 'brought_forward' | 'restored' | 'cancel_asked' | 'reported';
  reason: string;
}

/** What one reconciliation did. */
export interface ReconcileReport {
  /** Reservations whose workflow was started. */
  restarted: number;
  /** Cancels that their workflow was asked for again. */
  cancelsAsked: number;
  /** Cancels settled here, since their workflow is gone. */
  cancelsSettled: number;
  /** Candidates that were found to be stale. */
  stale?: number;
  /** What the store and the engine disagreed about; the first hundred. */
  findings?: Finding[];
  /** Comparisons of a run with its workflow. */
  compared?: number;
  /** Runs that were lost with the store and wait to be rebuilt. */
  waiting?: number;
  /** Held runs that were told that their pause is over. */
  released?: number;
}

/** A reconciliation that was asked for. */
export interface Reconciliation {
  id: string;
  status: 'running' | 'completed' | 'failed';
  /** Of a completed one. */
  report?: ReconcileReport;
}

/** Runs the reconciliation beside its schedule. Fails as the ExecutionEngine does. */
export interface Reconciler {
  /** Starts one of the whole fleet, or joins the one that was asked for before and goes on; waits up to `waitMs` for its end. */
  run(waitMs: number): Promise<Reconciliation>;
  /** The one with this id, or the newest that was asked for; undefined where the engine knows none. */
  find(id?: string): Promise<Reconciliation | undefined>;
}
