import type { RunManifest } from '@loom/domain';
import type { ExecutionDescription } from './execution-engine';

/** How an execution stands. */
export type ExecutionStatus = 'open' | 'completed' | 'cancelled' | 'terminated' | 'failed' | 'timed_out';

/** A line of the engine's list: a hint, since lists are made behind the executions' back. */
export interface ListedExecution {
  runId: string;
  runAttempt: number;
  isOpen: boolean;
}

/** The newest execution of a run id, from the engine's own state: a proof. */
export interface ExecutionLook extends ExecutionDescription {
  status: ExecutionStatus;
  /** When this execution of its chain began, ISO 8601. */
  startedAt: string;
  /** True when it certainly belongs to another reservation than the one whose nonce was given. */
  isForeign: boolean;
}

/**
 * What the engine knows of runs beside driving them, for the reconciliation only: no request of an operator waits for
 * it. Every call carries a deadline and fails as those of the ExecutionEngine do.
 */
export interface ExecutionCatalog {
  /**
   * A page of executions of this deployment, in no particular order; `all` tells ended ones too, as long as the engine
   * keeps them, so that a run id may come several times. An empty page may have a next one.
   */
  list(page: {
    only: 'open' | 'all';
    limit: number;
    cursor?: string;
  }): Promise<{ executions: ListedExecution[]; nextCursor?: string }>;
  /** Which of these run ids (at most 100) the list shows as open. */
  openAmong(runIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** Undefined when the engine knows no execution of this run id. */
  look(runId: string, nonce?: string): Promise<ExecutionLook | undefined>;
  /** What the newest execution was started with; undefined when its history is gone. */
  startedWith(runId: string): Promise<RunManifest | undefined>;
}
