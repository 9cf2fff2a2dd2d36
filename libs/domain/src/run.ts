import type { Candidate } from './candidate';
import type { EventMark } from './event-fingerprint';
import type { AttentionKind, CandidateStatus, SilentStatus, StepStatus } from './status';
import type { RunManifest } from './manifest';

/** What is known of one step of a run. Times are ISO 8601 in UTC. */
export interface StepState {
  stepName: string;
  description?: string;
  type?: string;
  status: StepStatus;
  /** Step attempt, 1-based; 0 while the step is only planned. */
  attempt: number;
  startedAt?: string;
  updatedAt?: string;
  completedAt?: string;
  /** When the migrator last said anything of this attempt. */
  lastHeardAt?: string;
  /** Accumulated over the events of the attempt. */
  metadata?: Record<string, string>;
  reason?: string;
  /** The last accepted event of the attempt; never shown. */
  lastEvent?: EventMark;
}

/** Why a person should look, since when, and what they should know. */
export interface Attention {
  kind: AttentionKind;
  since: string;
  detail?: string;
}

/** A recorded wish to end a run; the first one's reason stays. */
export interface CancelRequest {
  at: string;
  by: string;
  reason?: string;
}

/** A run as the store holds it: the reservation, the recorded cancel, and the newest projection. */
export interface RunRecord {
  runId: string;
  migrationId: string;
  candidateId: string;
  status: Exclude<CandidateStatus, 'not_started'>;
  /** The run attempt; 0 while queued, since only a start or a cancel takes a number. */
  attempt: number;
  inputs: Record<string, string>;
  queuedAt?: string;
  startedAt?: string;
  completedAt?: string;
  updatedAt: string;
  /** First Temporal execution id of this attempt, recorded by the workflow's first act. */
  executionId?: string;
  cancel?: CancelRequest;
  /** Number of the newest projection; 0 before the workflow's first act. */
  seq: number;
  /** The whole plan, from the reservation on. Empty while queued. */
  steps: StepState[];
  /** Zero-based index of the step that the run stands at. */
  currentStep: number;
  /**
   * The last sign of life of the current step: its dispatch, an event that was taken, or a repeat of the last one.
   * Absent before the first dispatch.
   */
  lastSignAt?: string;
  attention?: Attention;
  /** Since when the next dispatch waits for a pause to end. */
  heldSince?: string;
  /** Secret; never leaves the server. Empty while queued. */
  nonce: string;
}

/** A candidate with where it stands. */
export interface CandidateRow {
  candidate: Candidate;
  status: CandidateStatus;
  updatedAt: string;
  /** Absent while not_started. */
  run?: RunRecord;
}

/** Audit record of a run attempt (or of a queued candidate) that was cancelled. */
export interface CancelledAttempt {
  runId: string;
  candidateId: string;
  attempt: number;
  cancelledAt: string;
  cancelledBy: string;
  reason?: string;
  /** The steps with what each had reached; empty when it was cancelled while queued. */
  steps: StepState[];
}

/** What became of a run attempt; of one that is over, with the steps it had reached. */
export interface RunAttempt {
  attempt: number;
  outcome: 'running' | 'completed' | 'cancelled';
  /** Absent where it was cancelled while queued. */
  startedAt?: string;
  endedAt?: string;
  cancelledBy?: string;
  reason?: string;
  steps: StepState[];
}

/** A running or completed run as its attempt; undefined while queued. */
export function currentAttempt(run: RunRecord): RunAttempt | undefined {
  const { status, attempt, startedAt, completedAt, steps } = run;
  if (status === 'queued') return undefined;
  return {
    attempt,
    outcome: status,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(completedAt === undefined ? {} : { endedAt: completedAt }),
    steps,
  };
}

/** The plan of a run before anything is dispatched. */
export function plannedSteps(manifest: Pick<RunManifest, 'steps'>): StepState[] {
  return manifest.steps.map((step) => ({
    stepName: step.name,
    ...(step.description === undefined ? {} : { description: step.description }),
    ...(step.type === undefined ? {} : { type: step.type }),
    status: 'not_started',
    attempt: 0,
  }));
}

/** The last time at which a step attempt was sent or heard of; undefined while it is only planned. */
export function signOf(step: StepState | undefined): string | undefined {
  return step?.lastHeardAt ?? step?.startedAt;
}

/**
 * In which way a run waits for a migrator that may be silent: one that works on a step, or keeps it open until somebody
 * else has acted. Undefined where it waits for a person, or for us.
 */
export function waitsAs(run: RunRecord): SilentStatus | undefined {
  const { status, cancel, heldSince, steps, currentStep } = run;
  if (status !== 'running' || cancel !== undefined || heldSince !== undefined) return undefined;
  const step = steps[currentStep]?.status;
  return step === 'in_progress' || step === 'open' ? step : undefined;
}

/** Why a run is stale whose current step was last heard of at `since`. */
export function staleAttention(step: Pick<StepState, 'stepName' | 'status'>, since: string): Attention {
  const state = step.status === 'open' ? 'open' : 'in progress';
  return { kind: 'stale', since, detail: `${step.stepName} is ${state}, and its migrator has been silent` };
}

/** What in the current step needs a person: a failure, or a review that waits. Staleness is not known here. */
export function attentionOf(step: StepState | undefined): Attention | undefined {
  if (step === undefined || (step.status !== 'failed' && step.status !== 'awaiting_review')) return undefined;
  const kind: AttentionKind = step.status === 'failed' ? 'step_failed' : 'awaiting_review';
  const detail = step.status === 'failed' ? step.reason : step.metadata?.['instructions'];
  const since = step.updatedAt ?? step.startedAt ?? '';
  return detail === undefined ? { kind, since } : { kind, since, detail };
}
