/** Where a candidate stands. There is no `failed`: a failed step leaves its candidate `running`, needing attention. */
export const CANDIDATE_STATUSES = ['not_started', 'queued', 'running', 'completed'] as const;
export type CandidateStatus = (typeof CANDIDATE_STATUSES)[number];

/** Where a step of a run stands; `not_started` is planned and visible, but not dispatched. */
export const STEP_STATUSES = [
  'not_started',
  'in_progress',
  'open',
  'awaiting_review',
  'completed',
  'merged',
  'failed',
] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

/** Statuses of a step in which its migrator is waited for; how long it may be silent differs. */
export const SILENT_STATUSES = ['in_progress', 'open'] as const;
export type SilentStatus = (typeof SILENT_STATUSES)[number];

/** What a migrator may report of a step attempt. */
export const STEP_EVENT_STATUSES = ['open', 'awaiting_review', 'completed', 'merged', 'failed'] as const;
export type StepEventStatus = (typeof STEP_EVENT_STATUSES)[number];

/** Why a person should look at a candidate. */
export const ATTENTION_KINDS = ['step_failed', 'awaiting_review', 'stale'] as const;
export type AttentionKind = (typeof ATTENTION_KINDS)[number];

/** True for the statuses after which a step attempt takes no further event. */
export function isTerminal(status: StepStatus): boolean {
  return status === 'completed' || status === 'merged' || status === 'failed';
}

/** True for the terminal statuses that let the run go on to its next step. */
export function isSuccess(status: StepStatus): boolean {
  return status === 'completed' || status === 'merged';
}
