import { ForgeError } from '../errors';
import { type Git, GitError } from './git';

/** Longer diffs are refused, as GitHub refuses them. */
const maximumDiffBytes = 16 * 1024 * 1024;

export type FileChange = {
  readonly path: string;
  readonly previousPath: string | undefined;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'copied' | 'changed';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  /** From the first hunk on; undefined for a binary file or a mere rename. */
  readonly patch: string | undefined;
};

const statuses: Readonly<Record<string, FileChange['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  C: 'copied',
  T: 'changed',
};

type Raw = Pick<FileChange, 'path' | 'previousPath' | 'status' | 'sha'>;

/** Parses `git diff --raw -z`, whose renames have two paths. */
const parseRaw = (fields: readonly string[]): { changes: Raw[]; rest: readonly string[] } => {
  const changes: Raw[] = [];
  let at = 0;
  while (fields[at]?.startsWith(':')) {
    const [, , before = '', after = '', letter = 'M'] = (fields[at] ?? '').split(' ');
    const two = letter.startsWith('R') || letter.startsWith('C');
    changes.push({
      path: fields[at + (two ? 2 : 1)] ?? '',
      previousPath: two ? fields[at + 1] : undefined,
      status: statuses[letter[0] ?? 'M'] ?? 'modified',
      sha: letter.startsWith('D') ? before : after,
    });
    at += two ? 3 : 2;
  }
  return { changes, rest: fields.slice(at) };
};

/** Parses `git diff --numstat -z`: an empty path says that the two paths of a rename follow. */
const parseCounts = (fields: readonly string[]): { additions: number; deletions: number }[] => {
  const counts: { additions: number; deletions: number }[] = [];
  for (let at = 0; at < fields.length && fields[at] !== '';) {
    const [additions = '0', deletions = '0', path = ''] = (fields[at] ?? '').split('\t');
    counts.push({ additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
    at += path === '' ? 3 : 1;
  }
  return counts;
};

const patchesOf = (diff: string): (string | undefined)[] =>
  diff
    .split(/^(?=diff --git )/m)
    .filter((part) => part !== '')
    .map((part) => {
      const hunk = part.search(/^@@ /m);
      return hunk < 0 ? undefined : part.slice(hunk).replace(/\n$/, '');
    });

/** What a head changes since it left its base; both are full SHAs. */
export const createDiff = ({ git }: { git: Git }) => {
  const diff = async (
    directory: string,
    base: string,
    head: string,
    flags: readonly string[],
  ): Promise<string> => {
    const args = [
      'diff',
      '--no-color',
      '--no-ext-diff',
      '--no-textconv',
      '-M',
      ...flags,
      `${base}...${head}`,
      '--',
    ];
    try {
      const { stdout } = await git.run(directory, args, { maximumBytes: maximumDiffBytes });
      return stdout.toString('utf8');
    } catch (error) {
      if (!(error instanceof GitError)) throw error;
      if (error.tooLarge)
        throw new ForgeError('not-acceptable', 'Sorry, the diff exceeded the maximum size.');
      // A head replaced by a force push may have lost all history it shared with its base.
      if (error.message.includes('no merge base')) {
        throw new ForgeError('not-acceptable', 'Sorry, the branches have no history in common.');
      }
      throw error;
    }
  };
  const summary = async (directory: string, base: string, head: string) => {
    const output = await diff(directory, base, head, ['--raw', '--numstat', '--no-abbrev', '-z']);
    const { changes, rest } = parseRaw(output.split('\0'));
    const counts = parseCounts(rest);
    return changes.map((change, index) => ({
      ...change,
      ...(counts[index] ?? { additions: 0, deletions: 0 }),
    }));
  };
  return {
    /** The unified diff with three lines of context. @throws not-acceptable when it is too long */
    text: (directory: string, base: string, head: string): Promise<string> =>
      diff(directory, base, head, ['-U3']),
    summary,
    /** The changed files with their patches, in git's order. */
    files: async (directory: string, base: string, head: string): Promise<FileChange[]> => {
      const [files, text] = await Promise.all([
        summary(directory, base, head),
        diff(directory, base, head, ['-U3']),
      ]);
      const patches = patchesOf(text);
      return files.map((file, index) => ({ ...file, patch: patches[index] }));
    },
    /** How many commits the head has that the base has not; undefined when they share no history. */
    commitsBetween: async (directory: string, base: string, head: string): Promise<number | undefined> => {
      const { code } = await git.run(directory, ['merge-base', base, head], { answers: [1] });
      return code === 0
        ? Number(await git.text(directory, ['rev-list', '--count', `${base}..${head}`, '--']))
        : undefined;
    },
  };
};

export type Diff = ReturnType<typeof createDiff>;
