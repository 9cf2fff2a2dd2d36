import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Bare repositories in a temporary directory, as the remote that tests clone from and push to. */
export interface BareRepositories {
  /** Holds `owner/name.git`. */
  directory: string;
  create(repo: string, files: Readonly<Record<string, string>>): void;
  /** A further commit on main; null deletes. */
  commit(repo: string, files: Readonly<Record<string, string | null>>): void;
  branch(repo: string, branch: string): ReadonlyMap<string, string> | undefined;
  git(repo: string, ...args: string[]): string;
  remove(): void;
}

const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.invalid'];

/** Creates the temporary directory. */
export function createBareRepositories(): BareRepositories {
  const directory = mkdtempSync(join(tmpdir(), 'migrator-remotes-'));
  const bare = (repo: string): string => join(directory, `${repo}.git`);
  const run = (cwd: string, ...args: string[]): string =>
    execFileSync('git', [...identity, ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const commit = (repo: string, files: Readonly<Record<string, string | null>>): void => {
    const work = mkdtempSync(join(directory, 'work-'));
    run(work, 'clone', '--quiet', bare(repo), '.');
    run(work, 'checkout', '--quiet', '-B', 'main');
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(work, path)), { recursive: true });
      if (content === null) rmSync(join(work, path));
      else writeFileSync(join(work, path), content);
    }
    run(work, 'add', '--all');
    run(work, 'commit', '--quiet', '--message', 'files');
    run(work, 'push', '--quiet', 'origin', 'main');
    rmSync(work, { recursive: true, force: true });
  };
  return {
    directory,
    commit,
    create: (repo, files) => {
      mkdirSync(bare(repo), { recursive: true });
      run(bare(repo), 'init', '--quiet', '--bare', '--initial-branch=main');
      commit(repo, files);
    },
    branch: (repo, branch) => {
      if (run(bare(repo), 'branch', '--list', branch).trim() === '') return undefined;
      const paths = run(bare(repo), 'ls-tree', '-r', '-z', '--name-only', branch).split('\0').filter(Boolean);
      return new Map(paths.map((path) => [path, run(bare(repo), 'show', `${branch}:${path}`)]));
    },
    git: (repo, ...args) => run(bare(repo), ...args),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
