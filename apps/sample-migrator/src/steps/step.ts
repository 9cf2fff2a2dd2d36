import type { Candidate } from '@loom/domain';
import type { Workspace } from '../ports';

/** The step cannot be done as things are; the message tells the operator why, and becomes the failure's reason. */
export class StepError extends Error {
  override readonly name = 'StepError';
}

/** Everything that a step may look at. */
export interface StepContext {
  candidate: Candidate;
  config: Record<string, string>;
  inputs: Record<string, string>;
  /** `owner/name` of the GitOps repository. */
  gitopsRepo: string;
  /** Where the applications' own charts are published, without a scheme: `ghcr.io/acme/charts`. */
  chartRegistry: string;
  /** The files of a repository; edits become the step's change. */
  workspace(repo: string): Promise<Workspace>;
}

/** What a step did with the workspace of `repo`, for its commit and its pull request. */
export interface StepChange {
  repo: string;
  title: string;
  body: string;
}

/** Edits one repository's workspace, and nothing else. Repeating it on its own result changes nothing. */
export type ChangeStep = (context: StepContext) => Promise<StepChange>;

/** A person does the work; the step only says what. */
export type ReviewStep = (context: StepContext) => { instructions: string };

/** How a step type is carried out. */
export type StepType = { kind: 'change'; run: ChangeStep } | { kind: 'review'; run: ReviewStep };
