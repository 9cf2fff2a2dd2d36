import { randomUUID } from 'node:crypto';
import { GitError, type FileChanges } from '../ports';
import type { GitRunner } from './git-runner';

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

const REGULAR_FILE = '100644';

/**
 * Makes a commit on `parent` without a work tree or an index, so that any number of commits are made in one clone at
 * a time. The same input makes the same commit.
 */
export async function createCommit(input: CommitInput): Promise<string> {
  const { git, directory, parent, changes } = input;
  const paths = [...changes.keys()];
  if (paths.some((path) => path.startsWith('"') || /[\n\0]/.test(path)))
    throw new GitError('a path cannot be written');
  const listed = await git.run(directory, ['ls-tree', '-z', parent, '--', ...paths]);
  const stream = importStream(input, modesOf(listed));
  const output = await git.run(directory, ['fast-import', '--quiet', '--done', '--force'], { input: stream });
  const commit = output.trim();
  if (!/^[0-9a-f]{40,64}$/.test(commit)) throw new GitError('git made no commit');
  return commit;
}

/** What `git fast-import` reads; its last command prints the commit. */
function importStream(
  { parent, message, changes, at, author }: CommitInput,
  modes: ReadonlyMap<string, string>,
): string {
  const seconds = Math.floor(Date.parse(at) / 1000);
  const who = `${plainName(author.name)} <${plainName(author.email)}> ${String(seconds)} +0000`;
  const files = [...changes].map(([path, content]) =>
    content === null
      ? `D ${path}\n`
      : `M ${modes.get(path) ?? REGULAR_FILE} inline ${path}\n${data(content)}`,
  );
  // The name matters to nobody: what is pushed is the commit.
  const ref = `refs/loom/${randomUUID()}`;
  const head = `commit ${ref}\nmark :1\nauthor ${who}\ncommitter ${who}\n${data(message)}from ${parent}\n`;
  return `${head}${files.join('')}\nget-mark :1\ndone\n`;
}

function data(text: string): string {
  return `data ${String(Buffer.byteLength(text))}\n${text}\n`;
}

function plainName(text: string): string {
  return text.replace(/[<>\n\0]/g, '');
}

/** Modes by path of `ls-tree -z`: a changed file keeps its own (a script stays executable). */
function modesOf(listed: string): Map<string, string> {
  const entries = listed.split('\0').filter((entry) => entry !== '');
  return new Map(
    entries.map((entry) => [entry.slice(entry.indexOf('\t') + 1), entry.slice(0, entry.indexOf(' '))]),
  );
}
