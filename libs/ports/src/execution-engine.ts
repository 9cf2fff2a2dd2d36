import type {
  AddressedStepEvent,
  ReleaseMessage,
  RetryStepMessage,
  RunManifest,
  RunProgress,
  UpdateInputsMessage,
} from '@loom/domain';

/** The engine is there and refused to start this very manifest: a defect of the request, and nothing was started. */
export class StartRefusedError extends Error {
  override readonly name = 'StartRefusedError';
}

/**
 * `older_open`: an execution of an earlier attempt has not closed yet. `other_open`: one of a later attempt, or of this
 * attempt but of another reservation (told by the nonce), is open; certainly nothing was started.
 */
export type StartOutcome =
  { outcome: 'started' | 'already_started' } | { outcome: 'older_open' | 'other_open'; runAttempt: number };

/** A message to the workflow, by the signal that carries it. */
export type RunMessage =
  | { signal: 'stepEvent'; payload: AddressedStepEvent }
  | { signal: 'retryStep'; payload: RetryStepMessage }
  | { signal: 'updateInputs'; payload: UpdateInputsMessage }
  | { signal: 'release'; payload: ReleaseMessage };

/** The newest execution of a run id, as the engine itself tells it (never from a visibility list). */
export interface ExecutionDescription {
  open: boolean;
  /** First execution id of the chain, which survives continue-as-new. */
  executionId: string;
  runAttempt: number;
}

/**
 * The durable engine that drives runs. Every call carries a deadline; an engine that cannot be reached, or says so,
 * is a DependencyUnavailableError with dependency `engine`, whose `certain` is true only when nothing can have happened.
 */
export interface ExecutionEngine {
  /** Starts the run's workflow; at most one is open per run id. Repeating it for the same reservation is harmless. @throws StartRefusedError */
  start(manifest: RunManifest): Promise<StartOutcome>;
  /**
   * False when no execution of this run id is open. The workflow drops what is not for its attempt. What one process
   * sends to one run is sent in that order, one after another.
   */
  signal(runId: string, message: RunMessage): Promise<boolean>;
  /**
   * Asks the execution of `runAttempt` to cancel (by `executionId` when known), never a later one. False when there
   * is none open.
   */
  cancel(run: { runId: string; runAttempt: number; executionId?: string }): Promise<boolean>;
  /** Waits until no execution of an attempt up to `runAttempt` is open; false when `timeoutMs` passed first. */
  awaitClosed(runId: string, runAttempt: number, timeoutMs: number): Promise<boolean>;
  /** Undefined when the engine knows no execution of this run id. */
  describe(runId: string): Promise<ExecutionDescription | undefined>;
  /** Asks the workflow itself; undefined when there is none. For reconciliation and debugging only. */
  progress(runId: string): Promise<RunProgress | undefined>;
}
