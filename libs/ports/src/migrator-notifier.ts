import type { Candidate, StepState } from '@loom/domain';

/** What a migrator is told to do; one per step attempt. */
export interface DispatchRequest {
  runId: string;
  migrationId: string;
  runAttempt: number;
  stepIndex: number;
  /** Step attempt, 1-based. */
  attempt: number;
  stepName: string;
  type?: string;
  config?: Record<string, string>;
  candidate: Candidate;
  inputs: Record<string, string>;
  migratorApp: string;
  migratorUrl: string;
  callbackId: string;
  /** Absolute URL to post events to, when the deployment knows its own. */
  callbackUrl?: string;
}

/** Tells a migrator that a run attempt was cancelled, so that it closes what it opened. */
export interface CancelStepNotice {
  runId: string;
  runAttempt: number;
  candidateId: string;
  migratorUrl: string;
  /** Steps that were dispatched in this attempt. */
  steps: StepState[];
}

/**
 * `accepted`: a 2xx. `retry`: worth trying again (no connection, timeout, 5xx, 429), not before `afterMs` when the
 * migrator said so; `unreachable`: why no connection could be made, where that was it. `refused`: no repetition helps
 * (another status, a URL that is not allowed or malformed).
 */
export type DispatchOutcome =
  | { outcome: 'accepted' }
  | { outcome: 'retry'; reason: string; afterMs?: number; unreachable?: string }
  | { outcome: 'refused'; reason: string };

/** Sends to migrators. `signal` aborts the HTTP call itself. */
export interface MigratorNotifier {
  /** Carries `Idempotency-Key: {runId}/{runAttempt}/{stepIndex}/{attempt}`. Never throws for what the migrator does. */
  dispatch(
    request: DispatchRequest,
    options: { timeoutMs: number; signal: AbortSignal },
  ): Promise<DispatchOutcome>;
  /** Best effort: 404 and 405 count as accepted, since the endpoint is optional. */
  cancelStep(
    notice: CancelStepNotice,
    options: { timeoutMs: number; signal: AbortSignal },
  ): Promise<DispatchOutcome>;
}
