import type { Candidate } from '@loom/domain';
import type { TraceCarrier } from '@loom/ports';

/** A branch of ours. */
export interface Pushed {
  repo: string;
  branch: string;
}

/** A dispatched step attempt that this migrator has taken on. */
export interface Work {
  /** The dispatch's Idempotency-Key. */
  key: string;
  migrationId: string;
  runId: string;
  runAttempt: number;
  stepName: string;
  type?: string;
  config: Record<string, string>;
  inputs: Record<string, string>;
  candidate: Candidate;
  /** A secret: never log it. */
  callbackId: string;
  acceptedAt: string;
  /** Of the dispatch; what is done later, and perhaps by another process, goes on with it. */
  trace?: TraceCarrier | undefined;
  /** Once it may have pushed this branch. */
  pushed?: Pushed;
  /** Once it waits for this pull request. */
  pullRequest?: { repo: string; number: number; url: string; branch: string };
}

/** What a step that came to no end may have pushed, with or without a pull request that nobody waits for. */
export function halfDone({ pushed, pullRequest }: Work): Pushed | undefined {
  return pullRequest ? undefined : pushed;
}

/** One attempt of one run. */
export interface RunAttempt {
  runId: string;
  runAttempt: number;
}

/** A pull request by name. Forges write owners and repositories in any case; here it makes no difference. */
export function pullRequestReference({ repo, number }: { repo: string; number: number }): string {
  return `${repo.toLowerCase()}#${String(number)}`;
}

/**
 * Dispatched steps until their outcome was accepted by Loom. Every method is atomic, so that several replicas may
 * share a store, and throws StoreError where that is away; times are epoch milliseconds.
 */
export interface WorkStore {
  /** Takes on new work, to be claimed at once. False: this key was taken before, or its run attempt is cancelled. */
  accept(work: Work): Promise<boolean>;
  /** Work to be executed that nobody holds, oldest first; it is the caller's until `until`. */
  claim(now: number, until: number, limit: number): Promise<Work[]>;
  /** Holds claimed work until `until`, or gives it back to be claimed then. False: it is not to be executed any more. */
  hold(key: string, until: number): Promise<boolean>;
  /**
   * The work is about to push this branch: on record before it is there, it is found whatever becomes of us. False: it
   * was settled, finished or cancelled meanwhile, and nothing is to be pushed.
   */
  pushing(key: string, branch: Pushed): Promise<boolean>;
  /**
   * The work waits for its pull request from now on. False: it was cancelled meanwhile, and the pull request is on
   * record to be closed; or another execution of it came to its end, whose pull request it may be.
   */
  await(key: string, pullRequest: NonNullable<Work['pullRequest']>): Promise<boolean>;
  /** The step has been executed without a pull request; the record stays until `settle` or `finish`. */
  executed(key: string): Promise<void>;
  /**
   * Loom has taken the outcome, or will not: the work waits for nothing any more, and is forgotten unless it may have
   * pushed. What it pushed stays on record for three months, for a cancel of its run attempt.
   */
  settle(key: string): Promise<void>;
  /**
   * Forgets the work, and what it pushed: that is merged, or taken back. Its key is remembered, so that a late repeat of
   * the dispatch does nothing.
   */
  finish(key: string): Promise<void>;
}

/** Reads of the same records, and the end of a run attempt. */
export interface WorkIndex {
  byPullRequest(repo: string, number: number): Promise<Work | undefined>;
  /** All work that waits for a pull request. */
  waiting(): Promise<Work[]>;
  /**
   * Marks the run attempt as cancelled, and returns its work. None of it is accepted or claimed from now on, but for
   * what may have pushed and waits for no pull request: it is still held, or else claimed, by who is to take it back.
   */
  cancel(run: RunAttempt): Promise<Work[]>;
  isCancelled(run: RunAttempt): Promise<boolean>;
}
