import { callForge, cloneUrl, type ForgeAccess } from './forge-api';
import { importCommit, withRepository, type Git } from './git';

export interface ConflictOptions extends ForgeAccess {
  /** The application whose open pull request is to conflict. */
  app: string;
  /** `acme` when absent. */
  owner?: string;
  /** Where the pull request is; the GitOps repository when absent. */
  repo?: string;
}

/** What was done to the default branch. */
export interface Conflict {
  repo: string;
  /** The pull request that can no longer be merged. */
  number: number;
  path: string;
  commit: string;
}

interface WirePull {
  number: number;
  head: { ref: string };
  base: { ref: string };
}

/**
 * Pushes a commit to the base branch that changes a line which an open pull request of the application changes too,
 * as a colleague might who did not know of it. The file stays valid: the line only gets a comment.
 */
export async function makeConflict(options: ConflictOptions): Promise<Conflict> {
  const { app, owner = 'acme', repo = `${owner}/gitops` } = options;
  const pull = await openPull(options, repo, app);
  return withRepository(options.token, async (git) => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await compete(git, cloneUrl(options, repo), repo, pull);
      } catch (error) {
        // Other pull requests are merged all the time: begin again on top of them.
        if (tries >= TRIES || !(error instanceof Error) || !/rejected|fetch first|lock/.test(error.message))
          throw error;
      }
    }
  });
}

const TRIES = 10;

async function compete(
  git: Git,
  remote: string,
  repo: string,
  { number, base, head }: WirePull,
): Promise<Conflict> {
  const refs = [`+refs/heads/${base.ref}:refs/heads/base`, `+refs/heads/${head.ref}:refs/heads/proposed`];
  await git(['fetch', '--quiet', '--no-tags', '--', remote, ...refs]);
  const { path, content } = await competingChange(git);
  const parent = (await git(['rev-parse', 'refs/heads/base'])).trim();
  const commit = await importCommit(git, {
    branch: 'competing',
    message: `Note on ${path}`,
    author: 'colleague',
    at: Math.floor(Date.now() / 1000),
    parent,
    files: { [path]: content },
  });
  await git(['push', '--quiet', '--', remote, `${commit}:refs/heads/${base.ref}`]);
  return { repo, number, path, commit };
}

async function openPull(access: ForgeAccess, repo: string, app: string): Promise<WirePull> {
  for (let page = 1; ; page += 1) {
    const path = `/repos/${repo}/pulls?state=open&per_page=100&limit=100&page=${String(page)}`;
    const pulls = (await callForge(access, 'GET', path)) as WirePull[];
    const found = pulls.find(({ head }) => head.ref.startsWith('loom/') && head.ref.split('/').includes(app));
    if (found) return found;
    if (pulls.length === 0) throw new Error(`${repo} has no open pull request of ${app}`);
  }
}

const NOTE = '# looked at by a colleague meanwhile';

/** The first line that the proposal replaces, with a comment; or the first file that it adds, with other content. */
async function competingChange(git: Git): Promise<{ path: string; content: string }> {
  const diff = await git([
    'diff',
    '--unified=0',
    '--no-color',
    '--no-ext-diff',
    'refs/heads/base...refs/heads/proposed',
  ]);
  let path: string | undefined;
  let added: string | undefined;
  for (const line of diff.split('\n')) {
    path = /^--- a\/(.+?)\t?$/.exec(line)?.[1] ?? path;
    added ??= /^\+\+\+ b\/(.+?)\t?$/.exec(line)?.[1];
    const [, start, length] = /^@@ -(\d+)(?:,(\d+))? /.exec(line) ?? [];
    if (path === undefined || start === undefined || length === '0') continue;
    const lines = (await git(['show', `refs/heads/base:${path}`])).split('\n');
    const index = Number(start) - 1;
    lines[index] = (lines[index] ?? '').replace(/(\r?)$/, ` ${NOTE}$1`);
    return { path, content: lines.join('\n') };
  }
  if (added === undefined) throw new Error('the pull request changes nothing');
  return { path: added, content: `${NOTE}\n` };
}
