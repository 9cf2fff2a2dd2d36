import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

type Git = (...args: string[]) => string;

/** Commits `files` (null deletes) to a branch of a remote, as some other person with a clone would. */
export function commitTo(
  remote: string,
  token: string,
  branch: string,
  files: Readonly<Record<string, string | null>>,
): string {
  return inClone(remote, token, (git, directory) => {
    git('checkout', '--quiet', '-B', branch);
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      if (content === null) rmSync(join(directory, path));
      else writeFileSync(join(directory, path), content);
    }
    git('add', '--all');
    git('commit', '--quiet', '--message', 'a change by a person');
    git('push', '--quiet', '--force', 'origin', branch);
    return git('rev-parse', 'HEAD').trim();
  });
}

/** Deletes a branch of a remote. */
export function deleteBranchOf(remote: string, token: string, branch: string): void {
  inClone(remote, token, (git) => git('push', '--quiet', 'origin', `:refs/heads/${branch}`));
}

function inClone<T>(remote: string, token: string, use: (git: Git, directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'migrator-person-'));
  const header = `http.extraHeader=Authorization: Basic ${Buffer.from(`x:${token}`).toString('base64')}`;
  const identity = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.invalid'];
  const git: Git = (...args) =>
    execFileSync('git', ['-c', header, ...identity, ...args], {
      cwd: directory,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_TERMINAL_PROMPT: '0' },
    });
  try {
    git('clone', '--quiet', remote, '.');
    return use(git, directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
