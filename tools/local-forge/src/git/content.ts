import { notFound } from '../errors';
import type { Git } from './git';
import { isBranch, isSha } from './names';

export type TreeEntry = {
  readonly mode: string;
  readonly type: 'blob' | 'tree' | 'commit';
  readonly sha: string;
  /** Bytes of a blob. */
  readonly size: number | undefined;
  /** Path from where the listing began. */
  readonly path: string;
};

export type Commit = {
  readonly sha: string;
  readonly author: string;
  readonly email: string;
  readonly date: string;
  readonly subject: string;
  readonly parents: readonly string[];
};

const parseTree = (output: string): TreeEntry[] =>
  output
    .split('\0')
    .filter((line) => line !== '')
    .map((line) => {
      const tab = line.indexOf('\t');
      const [mode = '', type = 'blob', sha = '', size = '-'] = line.slice(0, tab).split(/ +/);
      return {
        mode,
        type: type === 'tree' || type === 'commit' ? type : 'blob',
        sha,
        size: size === '-' ? undefined : Number(size),
        path: line.slice(tab + 1),
      };
    });

const commitFormat = '%H%x00%an%x00%ae%x00%aI%x00%P%x00%s';

const parseCommit = (line: string): Commit => {
  const [sha = '', author = '', email = '', date = '', parents = '', subject = ''] = line.split('\0');
  return { sha, author, email, date, subject, parents: parents.split(' ').filter((parent) => parent !== '') };
};

/** Reads what bare repositories hold. Every method takes the repository's directory first. */
export const createContent = ({ git }: { git: Git }) => {
  const peel = async (directory: string, name: string): Promise<string | undefined> => {
    const args = ['rev-parse', '--verify', '--quiet', name];
    const { code, stdout } = await git.run(directory, args, { answers: [1, 128] });
    return code === 0 ? stdout.toString('utf8').trim() : undefined;
  };

  /** The commit at the tip of a branch, or undefined when there is no such branch. */
  const branch = async (directory: string, name: string): Promise<string | undefined> =>
    isBranch(name) ? peel(directory, `refs/heads/${name}^{commit}`) : undefined;

  /** The commit that a branch, a tag or a full SHA names. @throws not-found */
  const commitAt = async (directory: string, ref: string): Promise<string> => {
    if (isSha(ref)) {
      const sha = await peel(directory, `${ref}^{commit}`);
      if (sha) return sha;
    }
    const short = ref.replace(/^refs\/(heads|tags)\//, '');
    const found =
      (await branch(directory, short)) ??
      (isBranch(short) ? await peel(directory, `refs/tags/${short}^{commit}`) : undefined);
    if (!found) throw notFound();
    return found;
  };

  const tree = async (directory: string, sha: string, recursive = false): Promise<TreeEntry[]> => {
    const args = ['ls-tree', '-z', '-l', '--full-tree', ...(recursive ? ['-r', '-t'] : []), sha];
    return parseTree((await git.run(directory, args)).stdout.toString('utf8'));
  };

  return {
    branch,
    commitAt,
    tree,
    /** The tree that a branch, a tag, a commit or a tree's own SHA names. @throws not-found */
    treeAt: async (directory: string, ref: string): Promise<string> => {
      const own = isSha(ref) ? await peel(directory, `${ref}^{tree}`) : undefined;
      if (own) return own;
      const sha = await peel(directory, `${await commitAt(directory, ref)}^{tree}`);
      if (!sha) throw notFound();
      return sha;
    },
    /** The entry at a path that is not the root, or undefined. */
    entry: async (directory: string, commit: string, path: string): Promise<TreeEntry | undefined> => {
      const { stdout } = await git.run(directory, ['ls-tree', '-z', '-l', '--full-tree', commit, '--', path]);
      return parseTree(stdout.toString('utf8'))[0];
    },
    blob: async (directory: string, sha: string): Promise<Buffer> =>
      (await git.run(directory, ['cat-file', 'blob', sha])).stdout,
    /** Branch names with their tips, ordered by name. */
    branches: async (directory: string): Promise<Map<string, string>> => {
      const output = await git.text(directory, [
        'for-each-ref',
        '--format=%(objectname) %(refname)',
        'refs/heads',
      ]);
      const lines = output.split('\n').filter((line) => line !== '');
      return new Map(lines.map((line) => [line.slice(41 + 'refs/heads/'.length), line.slice(0, 40)]));
    },
    /** The newest commits reachable from a commit. */
    log: async (directory: string, sha: string, count: number): Promise<Commit[]> => {
      const output = await git.text(directory, [
        'log',
        `--max-count=${count}`,
        `--format=${commitFormat}`,
        sha,
        '--',
      ]);
      return output
        .split('\n')
        .filter((line) => line !== '')
        .map(parseCommit);
    },
  };
};

export type Content = ReturnType<typeof createContent>;
