import type { Candidate } from './candidate';
import type { StepDefinition } from './step';

/** All that a run is started with, fixed at the reservation: a later announce does not change a running run. */
export interface RunManifest {
  runId: string;
  migrationId: string;
  candidate: Candidate;
  /** The steps this run executes, in order; the candidate's own have already replaced the migration's. */
  steps: StepDefinition[];
  inputs: Record<string, string>;
  /** 1-based; never reused for a run id, also not after the candidate was reset. */
  runAttempt: number;
  /** Random; part of what a callback's MAC covers, so that ids of an earlier life of the run do not verify. */
  nonce: string;
  /** ISO 8601 in UTC. */
  reservedAt: string;
}
