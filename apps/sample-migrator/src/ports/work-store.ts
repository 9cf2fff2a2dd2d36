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
  /** Of a cancelled run: what it pushed was taken back, and is looked for once more. */
  isWithdrawn?: true;
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
 * Dispatched steps until their outcome was accepted by Loom, and what they pushed as long as a cancel may ask for it.
 * Every method is atomic, so that several replicas may share a store, and throws StoreError where that is away; times
 * are epoch milliseconds.
 */
export interface WorkStore {
  /** Takes on new work, to be claimed at once. False: this key was taken before, or its run attempt is cancelled. */
  accept(work: Work): Promise<boolean>;
  /** Work to be executed, or taken back, that nobody holds, oldest first; it is the caller's until `until`. */
  claim(now: number, until: number, limit: number): Promise<Work[]>;
  /**
   * Holds claimed work until `until`, or gives it back to be claimed then; what was withdrawn not sooner than before.
   * False: it is not to be claimed any more.
   */
  hold(key: string, until: number): Promise<boolean>;
  /**
   * The work is about to push this branch: on record before it is there, it is found whatever becomes of us. False: it
   * was settled, finished or cancelled meanwhile, and nothing is to be pushed.
   */
  pushing(key: string, branch: Pushed): Promise<boolean>;
  /** The work waits for its pull request from now on, unless that is too late. */
  await(key: string, pullRequest: NonNullable<Work['pullRequest']>): Promise<AwaitOutcome>;
  /** The step has been executed without a pull request; the record stays until `settle` or `finish`. */
  executed(key: string): Promise<void>;
  /**
   * Loom has taken the outcome, or will not: the work waits for nothing any more, and is forgotten unless it may have
   * pushed. What it pushed stays on record for three months, for a cancel of its run attempt; of a cancelled one until
   * it is taken back.
   */
  settle(key: string): Promise<void>;
  /** What the work of a cancelled run pushed was taken back. It is claimed once more at `until`: it may have come late. */
  withdrawn(key: string, until: number): Promise<void>;
  /**
   * Forgets the work, and what it pushed, if anything: that is merged, or taken back. Its key is remembered, so that a late repeat of
   * the dispatch does nothing.
   */
  finish(key: string): Promise<void>;
}

/**
 * What became of work that was to wait for its pull request. `cancelled`: to be taken back. Otherwise another execution
 * has come to its end. `settled`: its pull request, or that of a retry, may be the same one. `gone`: what it had pushed
 * was merged or taken back, and nobody uses the branch any more.
 */
export type AwaitOutcome = 'waiting' | 'cancelled' | 'settled' | 'gone';

/** Reads of the same records, and the end of a run attempt. */
export interface WorkIndex {
  byPullRequest(repo: string, number: number): Promise<Work | undefined>;
  /** All work that waits for a pull request. */
  waiting(): Promise<Work[]>;
  /**
   * Marks the run attempt as cancelled, and returns its work. None of it is accepted, executed or waits for anything
   * from now on: it is to be taken back and forgotten, by whoever holds it or else claims it at `due`.
   */
  cancel(run: RunAttempt, due: number): Promise<Work[]>;
  isCancelled(run: RunAttempt): Promise<boolean>;
}
