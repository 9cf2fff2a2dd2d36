import { GitError, type GitRepositories, type Snapshot } from '../ports';
import { runnerOf } from './clone-runner';
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
  // A snapshot holds its clone until it is released, so what is pushed on top of it is made in the same clone.
  const clones = new WeakMap<Snapshot, HeldClone>();

  const snapshot = async (repo: string): Promise<Snapshot> => {
    const clone = await cache.hold(repo);
    const ofClone = runnerOf(git, clone);
    try {
      const base = await cache.exclusive(repo, () => fetchBase(ofClone, clone));
      const release = (): void => clone.release();
      const made = createGitSnapshot({ git: ofClone, directory: clone.directory, repo, ...base, release });
      clones.set(made, clone);
      return made;
    } catch (error) {
      clone.release();
      throw ofRepository(repo, error);
    }
  };

  return {
    snapshot,
    push: async ({ snapshot: base, branch, message, at, changes }) => {
      const clone = clones.get(base);
      if (clone === undefined) throw new GitError(`${base.repo}: the snapshot is not of these repositories`);
      const { directory } = clone;
      const ofClone = runnerOf(git, clone);
      try {
        const commit = await createCommit({
          git: ofClone,
          directory,
          parent: base.commit,
          message,
          changes,
          at,
          author,
        });
        // Forced: the branch is ours, and an earlier attempt may have left an older commit there.
        await ofClone.run(directory, [
          'push',
          '--quiet',
          '--force',
          '--',
          'origin',
          `${commit}:refs/heads/${branch}`,
        ]);
        return commit;
      } catch (error) {
        throw ofRepository(base.repo, error);
      }
    },
    deleteBranch: async (repo, branch) => {
      const clone = await cache.hold(repo);
      const ofClone = runnerOf(git, clone);
      const ref = `refs/heads/${branch}`;
      try {
        const found = await ofClone.run(clone.directory, ['ls-remote', '--', 'origin', ref]);
        if (found.trim() !== '')
          await ofClone.run(clone.directory, ['push', '--quiet', '--', 'origin', `:${ref}`]);
      } catch (error) {
        throw ofRepository(repo, error);
      } finally {
        clone.release();
      }
    },
  };
}

/** Brings the newest commit of the default branch into the clone; asks only, when it is there already. */
async function fetchBase(
  git: GitRunner,
  { directory, fetched }: HeldClone,
): Promise<{ branch: string; commit: string }> {
  const told = await git.run(directory, ['ls-remote', '--symref', '--', 'origin', 'HEAD']);
  const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(told)?.[1];
  const commit = /^([0-9a-f]{40,64})\tHEAD$/m.exec(told)?.[1];
  if (branch === undefined || commit === undefined)
    throw new GitError('the repository has no default branch');
  if (fetched.has(commit)) return { branch, commit };
  const refspec = `+refs/heads/${branch}:${BASE}`;
  await git.run(directory, ['fetch', '--quiet', '--depth=1', '--no-tags', '--', 'origin', refspec]);
  // It may have moved on since it was asked for.
  const newest = (await git.run(directory, ['rev-parse', '--verify', BASE])).trim();
  fetched.add(newest);
  return { branch, commit: newest };
}

function ofRepository(repo: string, error: unknown): unknown {
  if (!(error instanceof GitError)) return error;
  return new GitError(`${repo}: ${error.message}`, error.transient, {
    cause: error,
    tokenRefused: error.tokenRefused,
  });
}
