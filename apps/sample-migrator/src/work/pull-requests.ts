import type { Logger } from '@loom/ports';
import type { Forge, GitRepositories, Outbox, PullRequest, Work, WorkIndex } from '../ports';
import { report, type Outcome } from './outcome';

/** What becomes of the pull requests that steps wait for. */
export interface PullRequests {
  /** Something happened to a pull request, as a webhook tells; unknown ones are nobody's. */
  happened(pull: Omit<PullRequest, 'branch' | 'conflicting'>): Promise<void>;
  /** Asks about all that are waited for: the remedy for a webhook that never came. */
  lookAtAll(): Promise<void>;
  /** Closes a pull request of ours without merging, and deletes its branch. */
  withdraw(pull: { repo: string; number: number; branch: string }): Promise<void>;
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
}

/** Questions to the forge at a time. */
const CONCURRENCY = 4;
/** Looks in a row that must find a conflict: a forge may call one so while it is still computing. */
const CONFLICT_LOOKS = 2;

/** Creates the service; its only state is how often a conflict was seen in a row. */
export function createPullRequests(deps: PullRequestsDeps): PullRequests {
  const { index, outbox, forge, repositories, logger } = deps;
  const conflicts = new Map<string, number>();

  const settle = async (
    work: Work,
    pull: Omit<PullRequest, 'conflicting'>,
    conflicting: boolean,
  ): Promise<void> => {
    const outcome = outcomeOf(pull, conflicting);
    if (outcome === undefined || (await index.isCancelled(work))) return;
    await report(outbox, work, outcome, deps.now());
    deps.reported();
  };
  const persists = (work: Work, pull: PullRequest): boolean => {
    const seen = pull.conflicting ? (conflicts.get(work.key) ?? 0) + 1 : 0;
    if (seen === 0 || seen >= CONFLICT_LOOKS) conflicts.delete(work.key);
    else conflicts.set(work.key, seen);
    return seen >= CONFLICT_LOOKS;
  };
  const look = async (work: Work): Promise<void> => {
    if (!work.pullRequest) return;
    const { repo, number } = work.pullRequest;
    try {
      const pull = await forge.get(repo, number);
      await settle(work, pull, persists(work, pull));
    } catch (error) {
      logger.warn('a pull request could not be looked at', { repo, number, error });
    }
  };

  return {
    happened: async (pull) => {
      const work = await index.byPullRequest(pull.repo, pull.number);
      if (work?.pullRequest) await settle(work, { ...pull, branch: work.pullRequest.branch }, false);
    },
    lookAtAll: async () => {
      const waiting = await index.waiting();
      const keys = new Set(waiting.map(({ key }) => key));
      for (const key of conflicts.keys()) if (!keys.has(key)) conflicts.delete(key);
      const lanes = Array.from({ length: CONCURRENCY }, async () => {
        for (let work = waiting.shift(); work !== undefined; work = waiting.shift()) await look(work);
      });
      await Promise.all(lanes);
    },
    withdraw: async ({ repo, number, branch }) => {
      await forge.close(repo, number);
      await repositories.deleteBranch(repo, branch);
    },
  };
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
