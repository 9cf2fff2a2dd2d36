import { createQuota } from '../forge/quota';
import { createOctokitForge } from '../forge/octokit-forge';
import type { Forge, PullRequest } from '../ports';
import type { ForgeHarness } from '../ports/contract/forge-contract';
import type { RetryPolicy } from '../forge/rate-limit';
import { quietTokenLog } from './memory-migrator';
import { commitTo, deleteBranchOf } from './clone';

/** A forge that runs, with an account that may do everything there. */
export interface ForgeAccount {
  apiUrl: string;
  /** Base of clone addresses. */
  webUrl: string;
  token: string;
  api: (method: string, path: string, body?: object) => Promise<unknown>;
  /** Merges as a reviewer does; forges do not share that request. */
  merge: (repo: string, number: number) => Promise<void>;
}

/** The contract's harness of our adapter: behind the `acme/one` of its tests is a repository of `owner`'s. */
export async function octokitHarness(
  account: ForgeAccount,
  owner: string,
  retry: RetryPolicy,
): Promise<ForgeHarness> {
  const { apiUrl, webUrl, token } = account;
  await account.api('POST', `/orgs/${owner}/repos`, { name: 'one', default_branch: 'main' });
  const remote = `${webUrl}/${owner}/one.git`;
  commitTo(remote, token, 'main', { f: 'main\n' });
  await untilFilled(account, owner);
  const forge = createOctokitForge({
    apiUrl,
    token,
    retry,
    timeoutMs: 10_000,
    tokenLog: quietTokenLog(),
    quota: createQuota(),
  });
  return {
    forge: renamed(forge, owner),
    pushBranch: (branch) => {
      commitTo(remote, token, branch, { f: `${branch}\n`, [branch]: 'x\n' });
      return Promise.resolve();
    },
    merge: async (number) => {
      await account.merge(`${owner}/one`, number);
      return (await forge.get(`${owner}/one`, number)).commitSha ?? 'not merged';
    },
    conflict: () => {
      commitTo(remote, token, 'main', { f: 'somebody was faster\n' });
      return Promise.resolve();
    },
    deleteBranch: (branch) => {
      deleteBranchOf(remote, token, branch);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

/** Gitea answers the first push before it takes the repository for more than an empty one. */
async function untilFilled({ api }: ForgeAccount, owner: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (((await api('GET', `/repos/${owner}/one`)) as { empty?: boolean }).empty === true)
    if (Date.now() > deadline) throw new Error('the repository stays empty');
}

function renamed(forge: Forge, owner: string): Forge {
  const real = (repo: string): string => repo.replace('acme/', `${owner}/`);
  const shown = (pull: PullRequest): PullRequest => ({ ...pull, repo: pull.repo.replace(owner, 'acme') });
  return {
    ...forge,
    findOpen: async (repo, branch) => {
      const found = await forge.findOpen(real(repo), branch);
      return found && shown(found);
    },
    open: async (request) => shown(await forge.open({ ...request, repo: real(request.repo) })),
    get: async (repo, number) => {
      try {
        return shown(await forge.get(real(repo), number));
      } catch (error) {
        if (error instanceof Error) error.message = error.message.replace(owner, 'acme');
        throw error;
      }
    },
    peek: async (repo, number) => shown(await forge.peek(real(repo), number)),
    openNumbers: (repo, page) => forge.openNumbers(real(repo), page),
    close: (repo, number) => forge.close(real(repo), number),
  };
}
