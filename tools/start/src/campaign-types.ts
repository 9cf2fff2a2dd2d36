import type { CandidateWithStatus, Counts, LoomClient } from '@loom/api-types';
import type { ForgeClient, PullRequestRef } from './forge-client';

/** One pull request that is made to conflict, so that the campaign shows a failure and its mending. */
export interface PlannedConflict {
  candidateId: string;
  stepName: string;
  /** Makes the open pull request unmergeable. */
  cause(pull: PullRequestRef): Promise<void>;
  /** Removes the cause, before the retry. */
  mend(): Promise<void>;
}

export interface CampaignDeps {
  loom: LoomClient;
  loomUrl: string;
  forge: ForgeClient;
  migrationId: string;
  inputs(candidate: CandidateWithStatus): Record<string, string>;
  conflict?: PlannedConflict;
  onCounts(counts: Counts, merged: number): void;
  onNote(line: string): void;
  signal: AbortSignal;
}

export interface CampaignResult {
  counts: Counts;
  merged: number;
  reviewed: number;
  conflicts: number;
  retried: number;
}
