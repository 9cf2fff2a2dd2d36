/** One dispatch, as the migrator received it. */
export interface Dispatched {
  runId: string;
  stepIndex: number;
  /** What the report has to name. */
  callback: string;
}

/** A design that is measured: it drives runs of STEPS steps by POSTs to the stub migrator, and hears its reports. */
export interface Subject {
  name: string;
  /** The design's own, by role; the servers are shared. */
  pids: Record<string, number>;
  /** Asks for a run that has not run yet; resolves with its id when that was answered. */
  start(): Promise<string>;
  /** Tells the design that the step is done; resolves when that was answered. */
  report(dispatched: Dispatched): Promise<void>;
  /** Resolves when Temporal has closed them all. */
  closed(runIds: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** As in the figures that the bars were made from. */
export const STEPS = 3;
