import { ForgeError, type Forge, type PullRequest } from '../forge';

/** Forge in memory; tests play the people who merge and close. */
export interface MemoryForge extends Forge {
  merge(repo: string, number: number, commitSha: string): void;
  setConflicting(repo: string, number: number, conflicting: boolean): void;
  /** Removes a pull request, as with a repository that was deleted. */
  vanish(repo: string, number: number): void;
  all(): PullRequest[];
  /** Makes every call fail with this message, or heals. */
  fail(message: string | undefined): void;
}

const PAGE = 100;

/** Creates a forge without pull requests. */
export function createMemoryForge(): MemoryForge {
  const pulls: PullRequest[] = [];
  let failure: string | undefined;
  const find = (repo: string, number: number): PullRequest => {
    const found = pulls.find((pull) => pull.repo === repo && pull.number === number);
    if (found) return found;
    const message = `GET /repos/${repo}/pulls/${String(number)} failed: 404 Not Found`;
    throw new ForgeError(message, false, { notFound: true });
  };
  const openOf = (repo: string, branch: string): PullRequest | undefined =>
    pulls.find((pull) => pull.repo === repo && pull.branch === branch && pull.state === 'open');
  const attempt = <T>(task: () => T): Promise<T> =>
    new Promise((resolve, reject) => {
      if (failure === undefined) resolve(structuredClone(task()));
      else reject(new ForgeError(failure, true));
    });

  return {
    findOpen: (repo, branch) => attempt(() => openOf(repo, branch)),
    open: ({ repo, branch }) =>
      attempt(() => {
        const existing = openOf(repo, branch);
        if (existing) return existing;
        const number = pulls.filter((pull) => pull.repo === repo).length + 1;
        const url = `http://forge/${repo}/pull/${String(number)}`;
        const pull: PullRequest = { repo, number, url, branch, state: 'open', conflicting: false };
        pulls.push(pull);
        return pull;
      }),
    get: (repo, number) => attempt(() => find(repo, number)),
    peek: (repo, number) => attempt(() => ({ ...find(repo, number), conflicting: false })),
    openNumbers: (repo, page) =>
      attempt(() => {
        const open = pulls.filter((pull) => pull.repo === repo && pull.state === 'open');
        const numbers = open.map(({ number }) => number).slice((page - 1) * PAGE, page * PAGE);
        return { numbers, last: open.length <= page * PAGE };
      }),
    close: (repo, number) =>
      attempt(() => {
        const pull = find(repo, number);
        if (pull.state === 'open') pull.state = 'closed';
      }),
    ping: () => attempt(() => undefined),
    merge: (repo, number, commitSha) =>
      void Object.assign(find(repo, number), { state: 'merged', commitSha }),
    setConflicting: (repo, number, conflicting) => void (find(repo, number).conflicting = conflicting),
    vanish: (repo, number) => void pulls.splice(pulls.indexOf(find(repo, number)), 1),
    all: () => structuredClone(pulls),
    fail: (message) => void (failure = message),
  };
}
