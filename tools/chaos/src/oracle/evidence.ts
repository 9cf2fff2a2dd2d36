import type { LedgerEntry } from './ledger';

/** A run that was promised: the start was accepted. */
export interface Promised {
  runId: string;
  runAttempt: number;
  /** Names, in order. */
  steps: readonly string[];
}

/** A candidate as the api shows it at the end. */
export interface ShownRun {
  runId: string;
  status: string;
  runAttempt: number | undefined;
  /** Status and attempt of each step; empty where the api has none. */
  steps: readonly { stepName: string; status: string; attempt: number }[];
}

/** One execution of Temporal. */
export interface Execution {
  runId: string;
  executionId: string;
  status: string;
  /** Workflow tasks that failed, by cause; those that timed out are not among them. */
  failedTasks: readonly string[];
}

/** All that is known of a campaign when nothing moves any more. */
export interface Evidence {
  promised: readonly Promised[];
  ledger: readonly LedgerEntry[];
  shown: readonly ShownRun[];
  executions: readonly Execution[];
  /** What the indexes say that a scan does not, and other things that were wrong on the way. */
  wrong: readonly string[];
}

/** What is wrong, in words; nothing where all four are empty. */
export interface Verdict {
  /** A promised run that ended otherwise than right, or an effect that is missing. */
  lost: string[];
  /** An effect that nobody asked for. */
  duplicated: string[];
  /** A run that still moves, and nothing explains it. */
  stuck: string[];
  /** Anything else that may not be. */
  wrong: string[];
  /** POSTs that were repeated with the same key and body, which is allowed. */
  repeats: number;
}
