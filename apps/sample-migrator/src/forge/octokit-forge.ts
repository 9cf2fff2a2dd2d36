import { ForgeError, type Forge, type NewPullRequest, type PullRequest } from '../ports';
import { createForgeRequest, type ForgeRequest, type ForgeRequestDeps } from './forge-request';

/** The fields of a pull request that GitHub and Gitea write alike. */
interface WirePullRequest {
  number: number;
  html_url: string;
  state: string;
  merged?: boolean;
  merged_at?: string | null;
  merge_commit_sha?: string | null;
  mergeable?: boolean | null;
  head: { ref: string };
}

const PAGE = 100;
/** Gitea ignores `head`, so a page may hold only pull requests of others. */
const MAX_PAGES = 50;

/** Forge over REST. Only requests that GitHub and Gitea share are made, with the same parameters. */
export function createOctokitForge(deps: ForgeRequestDeps): Forge {
  const request = createForgeRequest(deps);
  const findOpen = async (repo: string, branch: string): Promise<PullRequest | undefined> => {
    const { owner, name } = split(repo);
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const list = (await request('GET /repos/{owner}/{name}/pulls', {
        owner,
        name,
        state: 'open',
        head: `${owner}:${branch}`,
        per_page: PAGE,
        limit: PAGE,
        page,
      })) as WirePullRequest[];
      const found = list.find(({ head }) => head.ref === branch);
      if (found) return fromWire(repo, found);
      if (list.length === 0) return undefined;
    }
    return undefined;
  };
  return {
    findOpen,
    open: (input) => openPullRequest(request, findOpen, input),
    get: async (repo, number) => {
      const { owner, name } = split(repo);
      const found = await request('GET /repos/{owner}/{name}/pulls/{number}', { owner, name, number });
      return fromWire(repo, found as WirePullRequest);
    },
    close: async (repo, number) => {
      const { owner, name } = split(repo);
      const path = { owner, name, number };
      const found = await request('GET /repos/{owner}/{name}/pulls/{number}', path);
      if ((found as WirePullRequest).state !== 'open') return;
      await request('PATCH /repos/{owner}/{name}/pulls/{number}', { ...path, state: 'closed' });
    },
    ping: async () => {
      try {
        await request('GET /user', {});
      } catch (error) {
        // A refusal is a sign of life too: a token may well have no right to this path.
        if (!(error instanceof ForgeError) || error.transient) throw error;
      }
    },
  };
}

async function openPullRequest(
  request: ForgeRequest,
  findOpen: Forge['findOpen'],
  { repo, branch, base, title, body }: NewPullRequest,
): Promise<PullRequest> {
  const { owner, name } = split(repo);
  try {
    const parameters = { owner, name, head: branch, base, title, body };
    return fromWire(repo, (await request('POST /repos/{owner}/{name}/pulls', parameters)) as WirePullRequest);
  } catch (error) {
    // A repeat after an answer that was lost finds the pull request that is already there.
    const existing = await findOpen(repo, branch).catch(() => undefined);
    if (existing) return existing;
    throw error;
  }
}

function fromWire(repo: string, wire: WirePullRequest): PullRequest {
  const merged = wire.merged === true || (typeof wire.merged_at === 'string' && wire.merged_at !== '');
  return {
    repo,
    number: wire.number,
    url: wire.html_url,
    branch: wire.head.ref,
    state: merged ? 'merged' : wire.state === 'open' ? 'open' : 'closed',
    ...(merged && typeof wire.merge_commit_sha === 'string' ? { commitSha: wire.merge_commit_sha } : {}),
    conflicting: wire.state === 'open' && wire.mergeable === false,
  };
}

function split(repo: string): { owner: string; name: string } {
  const [owner, name, ...rest] = repo.split('/');
  if (!owner || !name || rest.length > 0) throw new ForgeError(`"${repo}" is not "owner/name"`);
  return { owner, name };
}
