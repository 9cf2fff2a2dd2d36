import type { Logger } from '@loom/ports';
import { logFailure } from '../log-failure';
import type { Forge, GitRepositories, Outbox, PullRequest, Pushed, Work, WorkIndex } from '../ports';
import { createLookRounds } from './look-round';
import { report, type Outcome } from './outcome';
import { isGone, withdraw, withdrawBranch, type Opened } from './withdraw';

/** What becomes of the pull requests that steps wait for. */
export interface PullRequests {
  /** Something happened to a pull request, as a webhook tells; unknown ones are nobody's. */
  happened(pull: Omit<PullRequest, 'branch' | 'conflicting'>): Promise<void>;
  /** Looks at one that was just recorded: what happened to it before that, nobody could tell us. Never throws. */
  recorded(work: Work): Promise<void>;
  /** Asks about all that are waited for: the remedy for a webhook that never came. */
  lookAtAll(): Promise<void>;
  /** Closes a pull request of ours without merging, and deletes its branch. */
  withdraw(pull: Opened): Promise<void>;
  /** Deletes a branch of ours, and closes the pull request that it has open. True when it has one. */
  withdrawBranch(pushed: Pushed): Promise<boolean>;
}

export interface PullRequestsDeps {
  index: WorkIndex;
  outbox: Outbox;
  forge: Forge;
  repositories: GitRepositories;
  logger: Logger;
  now: () => number;
  /** Called after an event was put. */
  reported: () => void;
  /** Resolves when the poll may ask the forge once more; to false when it is to end. */
  turn: () => Promise<boolean>;
}

/** Looks in a row that must find the same: a forge may tell of a conflict, or of nothing, while it is still computing. */
const LOOKS = 2;

/** What ends a step only when it is seen again at the next look. */
type Finding = 'conflict' | 'vanished';

/** Creates the service; its only state is what was found at the last look. */
export function createPullRequests(deps: PullRequestsDeps): PullRequests {
  const { index, outbox, forge, logger } = deps;
  const findings = new Map<string, { finding: Finding; looks: number }>();

  const tell = async (work: Work, outcome: Outcome | undefined): Promise<void> => {
    if (outcome === undefined || (await index.isCancelled(work))) return;
    await report(outbox, work, outcome, deps.now());
    deps.reported();
  };
  const persists = (work: Work, finding: Finding | undefined): boolean => {
    const last = findings.get(work.key);
    const looks = last?.finding === finding ? (last?.looks ?? 0) + 1 : 1;
    if (finding === undefined || looks >= LOOKS) findings.delete(work.key);
    else findings.set(work.key, { finding, looks });
    return finding !== undefined && looks >= LOOKS;
  };
  const troubles = new Map<string, string>();
  /** The same of the same repository is told once, until something else comes of it. */
  const failed = (repo: string, error: unknown, number?: number): void => {
    const reason = (error instanceof Error ? error.message : String(error)).split(' failed: ').at(-1) ?? '';
    const fields = { repo, ...(number === undefined ? {} : { number }), error };
    if (troubles.get(repo) === reason) logger.debug('pull requests could not be looked at again', fields);
    else logFailure(logger, 'pull requests could not be looked at', fields);
    troubles.set(repo, reason);
  };
  const look = async (work: Work): Promise<void> => {
    if (!work.pullRequest) return;
    const { repo, number, url } = work.pullRequest;
    try {
      const pull = await forge.get(repo, number);
      troubles.delete(repo);
      await tell(work, outcomeOf(pull, persists(work, pull.conflicting ? 'conflict' : undefined)));
    } catch (error) {
      failed(repo, error, number);
      if (isGone(error) && persists(work, 'vanished')) await tell(work, vanished(url));
    }
  };

  const pending = (work: Work): boolean => findings.has(work.key);
  const rounds = createLookRounds({ forge, turn: deps.turn, look, pending, failed });
  return {
    happened: async (pull) => {
      const work = await index.byPullRequest(pull.repo, pull.number);
      if (!work?.pullRequest) return;
      await tell(work, outcomeOf({ ...pull, branch: work.pullRequest.branch }, false));
    },
    recorded: async (work) => {
      if (!work.pullRequest) return;
      const { repo, number } = work.pullRequest;
      try {
        await tell(work, outcomeOf(await forge.peek(repo, number), false));
      } catch (error) {
        // The poll looks again.
        failed(repo, error, number);
      }
    },
    lookAtAll: async () => {
      const waiting = await index.waiting();
      const keys = new Set(waiting.map(({ key }) => key));
      for (const key of findings.keys()) if (!keys.has(key)) findings.delete(key);
      await rounds.round(waiting);
    },
    withdraw: (pull) => withdraw(deps, pull),
    withdrawBranch: (pushed) => withdrawBranch(deps, pushed),
  };
}

function vanished(url: string): Outcome {
  const reason = `pull request ${url} is not on the forge any more (404, on ${String(LOOKS)} looks in a row)`;
  return { status: 'failed', reason: `${reason}; a retry opens a new one` };
}

function outcomeOf(pull: Omit<PullRequest, 'conflicting'>, conflicting: boolean): Outcome | undefined {
  if (pull.state === 'merged') return { status: 'merged', pullRequest: { ...pull, conflicting: false } };
  if (pull.state === 'closed') {
    return {
      status: 'failed',
      reason: `pull request ${pull.url} was closed without being merged; a retry opens a new one`,
    };
  }
  if (!conflicting) return undefined;
  return {
    status: 'failed',
    reason: `pull request ${pull.url} conflicts with its base branch; a retry makes the change anew on top of it`,
  };
}
