import type { StepEventStatus } from './status';

/** What a migrator (or an operator, for a manual step) reports of one step attempt. */
export interface StepEvent {
  stepName: string;
  candidateId: string;
  status: StepEventStatus;
  metadata?: Record<string, string>;
  reason?: string;
  /** Chosen by the sender; the same id again is the same event. */
  eventId?: string;
}

/** A step event with the attempt numbers that say which dispatch it answers. */
export interface AddressedStepEvent extends StepEvent {
  runAttempt: number;
  stepIndex: number;
  attempt: number;
}
