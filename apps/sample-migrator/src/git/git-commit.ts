import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileChanges } from '../ports';
import type { GitRunner, GitRunOptions } from './git-runner';

export interface CommitInput {
  git: GitRunner;
  /** A bare clone that holds `parent`. */
  directory: string;
  parent: string;
  message: string;
  changes: FileChanges;
  /** ISO 8601. */
  at: string;
  author: { name: string; email: string };
}

/**
 * Makes a commit on `parent` without a work tree, through an index file of its own, so that any number of commits
 * are made in one clone at a time. The same input makes the same commit.
 */
export async function createCommit(input: CommitInput): Promise<string> {
  const { git, directory, parent, message, at, author } = input;
  const index = join(directory, `index-${randomUUID()}`);
  const env = { GIT_INDEX_FILE: index };
  const run = async (args: readonly string[], options: GitRunOptions = {}): Promise<string> =>
    (await git.run(directory, args, { ...options, env: { ...env, ...options.env } })).trim();
  try {
    await run(['read-tree', parent]);
    const entries: string[] = [];
    for (const [path, content] of input.changes) entries.push(await indexEntry(run, path, content));
    await run(['update-index', '-z', '--index-info'], { input: entries.join('') });
    const tree = await run(['write-tree']);
    const identity = {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: at,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      GIT_COMMITTER_DATE: at,
    };
    return await run(['commit-tree', '-p', parent, tree], { input: message, env: identity });
  } finally {
    await rm(index, { force: true });
  }
}

type Run = (args: readonly string[], options?: GitRunOptions) => Promise<string>;

const REGULAR_FILE = '100644';

/** A line for `update-index --index-info`; a changed file keeps its mode (a script stays executable). */
async function indexEntry(run: Run, path: string, content: string | null): Promise<string> {
  if (content === null) return `0 ${'0'.repeat(40)}\t${path}\0`;
  const blob = await run(['hash-object', '-w', '--stdin'], { input: content });
  const known = await run(['ls-files', '--stage', '-z', '--', path]);
  const mode = /^(\d{6}) /.exec(known)?.[1] ?? REGULAR_FILE;
  return `${mode} ${blob}\t${path}\0`;
}
