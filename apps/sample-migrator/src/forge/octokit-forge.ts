import { ForgeError, type Forge, type NewPullRequest, type PullRequest } from '../ports';
import { createForgeRequest, type ForgeRequest, type ForgeRequestDeps } from './forge-request';
import { fromWire, looksConflicting, type WirePullRequest } from './wire-pull-request';

/** Gitea begins to compute when it is asked, and is done well within this time where nothing else waits. */
const COMPUTING_MS = 2_000;
const PAGE = 100;
/** Gitea ignores `head`, so a page may hold only pull requests of others. */
const MAX_PAGES = 50;

/** Forge over REST. Only requests that GitHub and Gitea share are made, with the same parameters. */
export function createOctokitForge(deps: ForgeRequestDeps): Forge {
  const request = createForgeRequest(deps);
  const read = async (repo: string, number: number): Promise<WirePullRequest> => {
    const { owner, name } = split(repo);
    const path = { owner, name, number };
    return (await request('GET /repos/{owner}/{name}/pulls/{number}', path)).data as WirePullRequest;
  };
  const findOpen = async (repo: string, branch: string): Promise<PullRequest | undefined> => {
    const { owner } = split(repo);
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const { list } = await pageOfOpen(request, repo, page, { head: `${owner}:${branch}` });
      const found = list.find(({ head }) => head.ref === branch);
      if (found) return fromWire(repo, found);
      if (list.length === 0) return undefined;
    }
    return undefined;
  };
  return {
    findOpen,
    open: (input) => openPullRequest(request, { findOpen, read }, input),
    get: async (repo, number) => {
      const found = await read(repo, number);
      if (!looksConflicting(found) || found.mergeable_state !== undefined) return fromWire(repo, found);
      await deps.retry.wait(COMPUTING_MS);
      const again = await read(repo, number);
      // Where one of the branches moved meanwhile, it is computing anew.
      const same = again.head.sha === found.head.sha && again.base?.sha === found.base?.sha;
      return fromWire(repo, same ? again : { ...again, mergeable: null });
    },
    peek: async (repo, number) => ({ ...fromWire(repo, await read(repo, number)), conflicting: false }),
    openNumbers: async (repo, page) => {
      const { list, more } = await pageOfOpen(request, repo, page);
      return { numbers: list.map(({ number }) => number), last: !more };
    },
    close: async (repo, number) => {
      if ((await read(repo, number)).state !== 'open') return;
      const path = { ...split(repo), number };
      await request('PATCH /repos/{owner}/{name}/pulls/{number}', { ...path, state: 'closed' });
    },
    ping: async () => {
      try {
        await request('GET /user', {});
      } catch (error) {
        // Other refusals are signs of life: a token may well be good, and have no right to this path.
        if (!(error instanceof ForgeError) || error.transient || error.tokenRefused) throw error;
      }
    },
  };
}

async function pageOfOpen(
  request: ForgeRequest,
  repo: string,
  page: number,
  narrowing: Readonly<Record<string, string>> = {},
): Promise<{ list: WirePullRequest[]; more: boolean }> {
  // GitHub reads per_page, and Gitea limit.
  const paging = { state: 'open', per_page: PAGE, limit: PAGE, page };
  const parameters = { ...split(repo), ...narrowing, ...paging };
  const { data, more } = await request('GET /repos/{owner}/{name}/pulls', parameters);
  return { list: data as WirePullRequest[], more };
}

interface Finding {
  findOpen: Forge['findOpen'];
  read: (repo: string, number: number) => Promise<WirePullRequest>;
}

async function openPullRequest(
  request: ForgeRequest,
  { findOpen, read }: Finding,
  { repo, branch, base, title, body }: NewPullRequest,
): Promise<PullRequest> {
  const { owner, name } = split(repo);
  try {
    const parameters = { owner, name, head: branch, base, title, body };
    const { data } = await request('POST /repos/{owner}/{name}/pulls', parameters);
    return fromWire(repo, data as WirePullRequest);
  } catch (error) {
    // A repeat after an answer that was lost finds the pull request that is already there.
    const told = numberTold(error);
    const named = told === undefined ? undefined : await read(repo, told).catch(() => undefined);
    if (named?.state === 'open' && named.head.ref === branch) return fromWire(repo, named);
    const existing = await findOpen(repo, branch).catch(() => undefined);
    if (existing) return existing;
    throw error;
  }
}

/** Gitea names the pull request that is in the way: among thousands of open ones it need not be searched for. */
function numberTold(error: unknown): number | undefined {
  const number = error instanceof Error ? /: 409 .*\bissue_id: (\d+)/.exec(error.message)?.[1] : undefined;
  return number === undefined ? undefined : Number(number);
}

function split(repo: string): { owner: string; name: string } {
  const [owner, name, ...rest] = repo.split('/');
  if (!owner || !name || rest.length > 0) throw new ForgeError(`"${repo}" is not "owner/name"`);
  return { owner, name };
}
