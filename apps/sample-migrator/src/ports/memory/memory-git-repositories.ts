import { createHash } from 'node:crypto';
import { GitError, type GitRepositories, type Snapshot } from '../git-repositories';

type Files = ReadonlyMap<string, string>;

/** GitRepositories in memory; tests and the fake forge set and merge what is in it. */
export interface MemoryGitRepositories extends GitRepositories {
  /** Makes `files` the default branch of `repo`. */
  setMain(repo: string, files: Readonly<Record<string, string>>): void;
  /** Files of a branch; undefined when there is none. */
  branch(repo: string, branch: string): Files | undefined;
  branches(repo: string): string[];
  /** Puts the files of a branch onto the default branch; returns the commit. */
  merge(repo: string, branch: string): string;
}

/** Creates repositories that exist once `setMain` made them. */
export function createMemoryGitRepositories(): MemoryGitRepositories {
  const repos = new Map<string, Map<string, Files>>();
  const branchesOf = (repo: string): Map<string, Files> => {
    const branches = repos.get(repo);
    if (!branches) throw new GitError(`${repo}: no such repository`);
    return branches;
  };
  const mainOf = (repo: string): Files => branchesOf(repo).get('main') ?? new Map<string, string>();

  return {
    setMain: (repo, files) => {
      const branches = repos.get(repo) ?? new Map<string, Files>();
      repos.set(repo, branches.set('main', new Map(Object.entries(files))));
    },
    branch: (repo, branch) => branchesOf(repo).get(branch),
    branches: (repo) => [...branchesOf(repo).keys()].sort(),
    merge: (repo, branch) => {
      const files = branchesOf(repo).get(branch);
      if (!files) throw new GitError(`${repo}: no branch ${branch}`);
      branchesOf(repo).set('main', files);
      return commitOf(files);
    },
    snapshot: (repo) => attempt(() => snapshotOf(repo, mainOf(repo))),
    push: ({ snapshot, branch, changes }) =>
      attempt(() => {
        const files = new Map((snapshot as MemorySnapshot).files);
        for (const [path, content] of changes) {
          if (content === null) files.delete(path);
          else files.set(path, content);
        }
        branchesOf(snapshot.repo).set(branch, files);
        return commitOf(files);
      }),
    deleteBranch: (repo, branch) => attempt(() => void branchesOf(repo).delete(branch)),
  };
}

interface MemorySnapshot extends Snapshot {
  files: Files;
}

function snapshotOf(repo: string, files: Files): MemorySnapshot {
  return {
    repo,
    files,
    branch: 'main',
    commit: commitOf(files),
    read: (path) => Promise.resolve(files.get(path)),
    readMany: (paths) => {
      const found = paths.flatMap((path): [string, string][] => {
        const text = files.get(path);
        return text === undefined ? [] : [[path, text]];
      });
      return Promise.resolve(new Map(found));
    },
    list: (dir) =>
      Promise.resolve([...files.keys()].filter((path) => dir === '' || path.startsWith(`${dir}/`)).sort()),
    release: () => undefined,
  };
}

function commitOf(files: Files): string {
  return createHash('sha1')
    .update(JSON.stringify([...files].sort()))
    .digest('hex');
}

/** Runs now, and answers as a promise either way. */
function attempt<T>(task: () => T): Promise<T> {
  return new Promise((resolve) => resolve(task()));
}
