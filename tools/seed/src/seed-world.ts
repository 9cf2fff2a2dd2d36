import { appFiles } from './app-files';
import { seedApplications, type SeedApplication } from './applications';
import { callForge, cloneUrl, findInForge, ForgeAnswerError, type ForgeAccess } from './forge-api';
import { importCommit, withRepository } from './git';
import { gitopsFiles, type Files } from './gitops-files';
import { ensureWebhooks } from './webhooks';

export interface SeedOptions extends ForgeAccess {
  /** How many applications; 30 when absent. */
  apps?: number;
  /** `acme` when absent. */
  owner?: string;
  /** The migrator's `/webhooks/github`; no webhook is made without it. */
  webhookUrl?: string;
  webhookSecret?: string;
}

/** The world as it stands after seeding. */
export interface SeededWorld {
  owner: string;
  gitopsRepo: string;
  applications: SeedApplication[];
  /** Repositories that this run filled; the others were left as they are. */
  created: string[];
}

const DEFAULT_APPS = 30;
/** Repositories made at a time. */
const CONCURRENCY = 4;
const AUTHOR = 'acme';
const SEEDED_AT = Date.UTC(2026, 0, 5, 9) / 1000;

/** Fills a forge with a GitOps repository and the repositories of its applications. What is there already stays. */
export async function seedWorld(options: SeedOptions): Promise<SeededWorld> {
  const { owner = 'acme', apps = DEFAULT_APPS, webhookUrl, webhookSecret } = options;
  const applications = seedApplications(apps);
  const gitopsRepo = `${owner}/gitops`;
  const contents: [string, Files][] = [
    [gitopsRepo, gitopsFiles(owner, applications)],
    ...applications.map((application): [string, Files] => [
      `${owner}/${application.id}`,
      appFiles(application),
    ]),
  ];
  const repos = contents.map(([repo]) => repo);
  const created: string[] = [];
  const lanes = Array.from({ length: CONCURRENCY }, async () => {
    for (let next = contents.shift(); next !== undefined; next = contents.shift()) {
      if (await ensureRepository(options, ...next)) created.push(next[0]);
    }
  });
  await Promise.all(lanes);
  if (webhookUrl !== undefined) {
    if (webhookSecret === undefined) throw new Error('a webhook needs a secret');
    await ensureWebhooks(options, owner, repos, { url: webhookUrl, secret: webhookSecret });
  }
  return { owner, gitopsRepo, applications, created: created.sort() };
}

/** False when the repository has commits already: whatever they hold stays. */
async function ensureRepository(access: ForgeAccess, repo: string, files: Files): Promise<boolean> {
  const [owner = '', name = ''] = repo.split('/');
  if ((await findInForge(access, `/repos/${repo}`)) === undefined)
    await createRepository(access, owner, name);
  return withRepository(access.token, async (git) => {
    const remote = cloneUrl(access, repo);
    if ((await git(['ls-remote', '--heads', '--', remote])).trim() !== '') return false;
    await importCommit(git, {
      branch: 'main',
      message: 'Everything so far',
      author: AUTHOR,
      at: SEEDED_AT,
      files,
    });
    await git(['push', '--quiet', '--', remote, 'refs/heads/main:refs/heads/main']);
    return true;
  });
}

async function createRepository(access: ForgeAccess, owner: string, name: string): Promise<void> {
  try {
    await callForge(access, 'POST', await repositoriesOf(access, owner), { name, default_branch: 'main' });
  } catch (error) {
    // Somebody else's run was faster.
    if (!(error instanceof ForgeAnswerError) || ![409, 422].includes(error.status)) throw error;
    if ((await findInForge(access, `/repos/${owner}/${name}`)) === undefined) throw error;
  }
}

/** Where the owner's repositories are made: an organization's, or those of the one whose token it is. */
async function repositoriesOf(access: ForgeAccess, owner: string): Promise<string> {
  if ((await findInForge(access, `/orgs/${owner}/repos`)) !== undefined) return `/orgs/${owner}/repos`;
  const { login } = (await callForge(access, 'GET', '/user')) as { login: string };
  if (login.toLowerCase() === owner.toLowerCase()) return '/user/repos';
  throw new Error(
    `the forge knows no organization ${owner}, and the token is ${login}'s: make it there first`,
  );
}
