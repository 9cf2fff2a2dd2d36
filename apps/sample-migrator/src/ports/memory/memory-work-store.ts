import {
  pullRequestReference,
  type RunAttempt,
  type Work,
  type WorkIndex,
  type WorkStore,
} from '../work-store';

interface Entry {
  work: Work;
  /** When it may be claimed; undefined once it is executed. */
  due: number | undefined;
  /** It is on record only for what it pushed. */
  isSettled?: true;
}

/** WorkStore and WorkIndex in memory. It is written as what another process would read: nothing is shared by reference. */
export function createMemoryWorkStore(): WorkStore & WorkIndex {
  const entries = new Map<string, Entry>();
  const taken = new Set<string>();
  const cancelled = new Set<string>();
  const runOf = ({ runId, runAttempt }: RunAttempt): string => `${runId}/${String(runAttempt)}`;
  const copies = (found: Entry[]): Promise<Work[]> =>
    Promise.resolve(found.map(({ work }) => structuredClone(work)));
  const all = (): Entry[] => [...entries.values()];
  const isCancelled = ({ work }: Entry): boolean => cancelled.has(runOf(work));
  const isToBeTakenBack = (entry: Entry): boolean => entry.work.pushed !== undefined && isCancelled(entry);
  const waiting = (): Entry[] => all().filter((entry) => entry.work.pullRequest && !isCancelled(entry));

  return {
    accept: (work) => {
      if (taken.has(work.key) || cancelled.has(runOf(work))) return Promise.resolve(false);
      taken.add(work.key);
      entries.set(work.key, { work: structuredClone(work), due: Date.parse(work.acceptedAt) });
      return Promise.resolve(true);
    },
    claim: (now, until, limit) => {
      const due = all().filter((entry) => entry.due !== undefined && entry.due <= now);
      const claimed = due.sort((a, b) => (a.due ?? 0) - (b.due ?? 0)).slice(0, limit);
      for (const entry of claimed) entry.due = until;
      return copies(claimed);
    },
    hold: (key, until) => {
      const entry = entries.get(key);
      if (entry?.due === undefined) return Promise.resolve(false);
      entry.due = entry.work.isWithdrawn ? Math.max(entry.due, until) : until;
      return Promise.resolve(true);
    },
    pushing: (key, branch) => {
      const entry = entries.get(key);
      if (!entry || entry.isSettled || isCancelled(entry)) return Promise.resolve(false);
      entry.work.pushed = { ...branch };
      return Promise.resolve(true);
    },
    await: (key, pullRequest) => {
      const entry = entries.get(key);
      if (!entry) return Promise.resolve('gone');
      if (entry.isSettled) return Promise.resolve('settled');
      entry.work.pullRequest = { ...pullRequest };
      if (isCancelled(entry)) return Promise.resolve('cancelled');
      entry.due = undefined;
      return Promise.resolve('waiting');
    },
    executed: (key) => {
      const entry = entries.get(key);
      if (entry && !isToBeTakenBack(entry)) entry.due = undefined;
      return Promise.resolve();
    },
    settle: (key) => {
      const entry = entries.get(key);
      if (!entry?.work.pushed) entries.delete(key);
      else if (!isToBeTakenBack(entry)) {
        entry.isSettled = true;
        entry.due = undefined;
        delete entry.work.pullRequest;
      }
      return Promise.resolve();
    },
    withdrawn: (key, until) => {
      const entry = entries.get(key);
      if (!entry) return Promise.resolve();
      delete entry.work.pullRequest;
      entry.work.isWithdrawn = true;
      entry.due = until;
      return Promise.resolve();
    },
    finish: (key) => {
      entries.delete(key);
      return Promise.resolve();
    },
    byPullRequest: async (repo, number) => {
      const matches = ({ work: { pullRequest } }: Entry): boolean =>
        pullRequest !== undefined &&
        pullRequestReference(pullRequest) === pullRequestReference({ repo, number });
      // A later attempt may wait for the pull request that an earlier one opened.
      return (await copies(waiting().filter(matches))).at(-1);
    },
    waiting: () => copies(waiting()),
    cancel: (run, due) => {
      cancelled.add(runOf(run));
      const found = all().filter(({ work }) => runOf(work) === runOf(run));
      for (const entry of found) {
        delete entry.isSettled;
        entry.due ??= due;
      }
      return copies(found);
    },
    isCancelled: (run) => Promise.resolve(cancelled.has(runOf(run))),
  };
}
