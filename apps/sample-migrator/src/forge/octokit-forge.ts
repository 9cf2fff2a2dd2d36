import { Octokit, RequestError } from 'octokit';
import { ForgeError, type Forge, type NewPullRequest, type PullRequest } from '../ports';
import { withRetry, type RetryPolicy } from './rate-limit';

export interface OctokitForgeDeps {
  apiUrl: string;
  token: string | undefined;
  retry: RetryPolicy;
  timeoutMs: number;
}

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

type Parameters = Record<string, string | number>;

const PAGE = 100;
/** Gitea ignores `head`, so a page may hold only pull requests of others. */
const MAX_PAGES = 50;

/** Forge over REST. Only requests that GitHub and Gitea share are made, with the same parameters. */
export function createOctokitForge({ apiUrl, token, retry, timeoutMs }: OctokitForgeDeps): Forge {
  const octokit = new Octokit({
    baseUrl: apiUrl,
    ...(token === undefined ? {} : { auth: token }),
    // Both plugins slow every write down (a second and more), whatever the forge; `withRetry` obeys what it asks for.
    throttle: { enabled: false },
    retry: { enabled: false },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  });
  const request = async (route: string, parameters: Parameters): Promise<unknown> => {
    const attempt = async (): Promise<unknown> => {
      const signal = AbortSignal.timeout(timeoutMs);
      return (await octokit.request(route, { ...parameters, request: { signal } })).data as unknown;
    };
    try {
      return await withRetry(retry, attempt, (error) => failureOf(error, route));
    } catch (error) {
      const message = `${describe(route, parameters)} failed: ${reasonOf(error)}`;
      throw new ForgeError(message, isTransient(error), { cause: error });
    }
  };
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
      // An answer of any kind is a sign of life; a token without rights to this path is no outage.
      await octokit
        .request('GET /user', { request: { signal: AbortSignal.timeout(timeoutMs) } })
        .catch((error: unknown) => {
          if (statusOf(error) === undefined || (statusOf(error) ?? 0) >= 500)
            throw new ForgeError(reasonOf(error));
        });
    },
  };
}

async function openPullRequest(
  request: (route: string, parameters: Parameters) => Promise<unknown>,
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

function failureOf(error: unknown, route: string) {
  if (!(error instanceof RequestError)) return undefined;
  return {
    status: error.status,
    method: route.split(' ')[0] ?? '',
    headers: error.response?.headers ?? {},
    message: error.message,
  };
}

function statusOf(error: unknown): number | undefined {
  // Octokit gives status 500 to a request that got no answer at all.
  return error instanceof RequestError && error.response !== undefined ? error.status : undefined;
}

function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined || status === 429 || status >= 500;
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const status = statusOf(error);
  const said = text.replace(/ - https?:\/\/\S+$/, '').slice(0, 300);
  return status === undefined ? `the forge gave no answer (${said})` : `${String(status)} ${said}`;
}

function describe(route: string, parameters: Parameters): string {
  return route.replace(/\{(\w+)\}/g, (_, key: string) => String(parameters[key]));
}

function silent(): void {
  // Failures are told by ForgeError, once.
}
