import { GitError, type GitRepositories, type Snapshot } from '../ports';
import { createCommit } from './git-commit';
import { createGitSnapshot } from './git-snapshot';
import type { GitRunner } from './git-runner';
import type { HeldClone, RepositoryCache } from './repository-cache';

export interface GitRepositoriesDeps {
  git: GitRunner;
  cache: RepositoryCache;
  /** Who the commits are by. */
  author: { name: string; email: string };
}

const BASE = 'refs/loom/base';

/** GitRepositories on bare shallow clones and git's own transport. */
export function createGitRepositories({ git, cache, author }: GitRepositoriesDeps): GitRepositories {
  const fetchBase = async (clone: HeldClone): Promise<{ branch: string; commit: string }> => {
    const { directory } = clone;
    const branch = defaultBranch(await git.run(directory, ['ls-remote', '--symref', '--', 'origin', 'HEAD']));
    const refspec = `+refs/heads/${branch}:${BASE}`;
    await git.run(directory, ['fetch', '--quiet', '--depth=1', '--no-tags', '--', 'origin', refspec]);
    const commit = (await git.run(directory, ['rev-parse', '--verify', BASE])).trim();
    return { branch, commit };
  };
  const withClone = async <T>(repo: string, task: (clone: HeldClone) => Promise<T>): Promise<T> => {
    const clone = await cache.hold(repo);
    try {
      return await task(clone);
    } finally {
      clone.release();
    }
  };
  const snapshot = async (repo: string): Promise<Snapshot> => {
    const clone = await cache.hold(repo);
    try {
      const base = await cache.exclusive(repo, () => fetchBase(clone));
      return createGitSnapshot({
        git,
        directory: clone.directory,
        repo,
        ...base,
        release: () => clone.release(),
      });
    } catch (error) {
      clone.release();
      throw error instanceof GitError
        ? new GitError(`${repo}: ${error.message}`, error.transient, { cause: error })
        : error;
    }
  };

  return {
    snapshot,
    push: ({ snapshot: base, branch, message, at, changes }) =>
      withClone(base.repo, async ({ directory }) => {
        await ensureCommit(git, cache, directory, base);
        const commit = await createCommit({
          git,
          directory,
          parent: base.commit,
          message,
          changes,
          at,
          author,
        });
        // Forced: the branch is ours, and an earlier attempt may have left an older commit there.
        await git.run(directory, [
          'push',
          '--quiet',
          '--force',
          '--',
          'origin',
          `${commit}:refs/heads/${branch}`,
        ]);
        return commit;
      }),
    deleteBranch: (repo, branch) =>
      withClone(repo, async ({ directory }) => {
        const ref = `refs/heads/${branch}`;
        const found = await git.run(directory, ['ls-remote', '--', 'origin', ref]);
        if (found.trim() === '') return;
        await git.run(directory, ['push', '--quiet', '--', 'origin', `:${ref}`]);
      }),
  };
}

/** The clone that a push gets may be a newer one than the snapshot's, which the cache replaced meanwhile. */
async function ensureCommit(
  git: GitRunner,
  cache: RepositoryCache,
  directory: string,
  base: Snapshot,
): Promise<void> {
  try {
    await git.run(directory, ['cat-file', '-e', `${base.commit}^{commit}`]);
  } catch {
    await cache.exclusive(base.repo, () =>
      git.run(directory, ['fetch', '--quiet', '--depth=1', '--no-tags', '--', 'origin', base.commit]),
    );
  }
}

function defaultBranch(output: string): string {
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(output)?.[1];
  if (branch === undefined) throw new GitError('the repository has no default branch');
  return branch;
}
