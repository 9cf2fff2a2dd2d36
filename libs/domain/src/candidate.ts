import type { MigrationDefinition } from './migration';
import type { StepDefinition } from './step';

/** Files of one repository that a migration will touch, as found by discovery. */
export interface FileGroup {
  name: string;
  repo: string;
  files: { path: string; url: string }[];
}

/** One target of one migration, as its discoverer described it. It never carries run state. */
export interface Candidate {
  id: string;
  kind?: string;
  metadata?: Record<string, string>;
  /** Values observed at discovery time. */
  state?: Record<string, string>;
  files?: FileGroup[];
  /** When present and not empty, these replace the migration's steps for this candidate. */
  steps?: StepDefinition[];
}

/** What a submit did with its candidates; `preserved` ones are running or completed, and were left alone. */
export interface SubmitResult {
  added: number;
  updated: number;
  unchanged: number;
  preserved: number;
}

/** Candidates to remove: those that a discovery did not submit, or exactly these. */
export type PruneSelection = { discoveryId: string } | { ids: readonly string[] };

/** What a prune did, or in a preview what it would do. */
export interface PruneResult {
  removed: number;
  /** How many a repeat would remove: a request has a limit, and a preview removes none. */
  remaining: number;
  /** Selected ones that stay, since they are more than found. */
  kept: { queued: number; running: number; completed: number };
  /** Named ones that do not exist. */
  unknown: number;
  /** Ids of some that were, or in a preview would be, removed. */
  examples: string[];
}

/** The steps that a run of `candidate` executes: its own when it has any, else the migration's. */
export function stepsFor(
  definition: Pick<MigrationDefinition, 'steps'>,
  candidate: Candidate,
): StepDefinition[] {
  return candidate.steps !== undefined && candidate.steps.length > 0 ? candidate.steps : definition.steps;
}
