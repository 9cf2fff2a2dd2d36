import { ForgeError } from '../errors';
import { type Git, GitError } from './git';

/** Whether two commits merge: the merged tree, or the paths on which they conflict (none: no common history). */
export type Mergeability =
  | { readonly clean: true; readonly tree: string }
  | { readonly clean: false; readonly files: readonly string[] };

export type MergeMethod = 'merge' | 'squash';

export type MergeRequest = {
  readonly directory: string;
  readonly number: number;
  readonly head: string;
  readonly base: string;
  readonly method: MergeMethod;
  /** When given, the head must still be this commit. */
  readonly expectedHead: string | undefined;
  readonly message: string;
};

type Tip = { readonly sha: string; readonly tree: string };

const notMergeable = (): ForgeError => new ForgeError('not-allowed', 'Pull Request is not mergeable');

export type Merged = { readonly sha: string; readonly headSha: string; readonly baseSha: string };

/** Written in the same ref transaction as the merge, so that a crash before the state is saved loses nothing. */
export const mergedRef = (number: number): string => `refs/forge/merged/${number}`;

/** Keeps the commits of a pull request after its branch is deleted. */
export const pullRef = (number: number): string => `refs/pull/${number}/head`;

/** A push may move a branch between reading and writing it; more often than this in a row it is not chance. */
const maximumAttempts = 5;
const cacheSize = 4_000;

/** Computes and makes merges inside bare repositories, without a work tree. */
export const createMerger = ({ git }: { git: Git }) => {
  // Commits never change, so neither does the answer for a pair of them.
  const cache = new Map<string, Mergeability>();

  const compute = async (directory: string, base: string, head: string): Promise<Mergeability> => {
    const args = ['merge-tree', '--write-tree', '--name-only', '--no-messages', '-z', base, head];
    try {
      const { code, stdout } = await git.run(directory, args, { answers: [1] });
      const [tree = '', ...files] = stdout.toString('utf8').split('\0');
      return code === 0
        ? { clean: true, tree }
        : { clean: false, files: files.filter((file) => file !== '') };
    } catch (error) {
      if (error instanceof GitError && error.message.includes('unrelated histories'))
        return { clean: false, files: [] };
      throw error;
    }
  };

  /** Whether `head` merges into `base`; both are full SHAs. */
  const check = async (directory: string, base: string, head: string): Promise<Mergeability> => {
    const key = `${directory}:${base}:${head}`;
    const cached = cache.get(key);
    if (cached) return cached;
    const result = await compute(directory, base, head);
    const oldest = cache.size >= cacheSize ? cache.keys().next().value : undefined;
    if (oldest !== undefined) cache.delete(oldest);
    cache.set(key, result);
    return result;
  };

  const tips = async ({ directory, base, head, number }: MergeRequest): Promise<Map<string, Tip>> => {
    const refs = [`refs/heads/${base}`, `refs/heads/${head}`, mergedRef(number)];
    const output = await git.text(directory, [
      'for-each-ref',
      '--format=%(objectname) %(tree) %(refname)',
      ...refs,
    ]);
    return new Map(
      output
        .split('\n')
        .map((line) => [line.slice(82), { sha: line.slice(0, 40), tree: line.slice(41, 81) }]),
    );
  };

  const isAncestor = async (directory: string, head: string, base: string): Promise<boolean> =>
    (await git.run(directory, ['merge-base', '--is-ancestor', head, base], { answers: [1] })).code === 0;

  /** Moves the base if neither branch has moved since; false when one has. */
  const publish = async (request: MergeRequest, merged: Merged): Promise<boolean> => {
    const commands = [
      'start',
      `update refs/heads/${request.base} ${merged.sha} ${merged.baseSha}`,
      `verify refs/heads/${request.head} ${merged.headSha}`,
      `create ${mergedRef(request.number)} ${merged.sha}`,
      `update ${pullRef(request.number)} ${merged.headSha}`,
      'prepare',
      'commit',
    ];
    const input = commands.join('\n') + '\n';
    const { code } = await git.run(request.directory, ['update-ref', '--stdin'], {
      input,
      answers: [1, 128],
    });
    return code === 0;
  };

  const attempt = async (request: MergeRequest): Promise<Merged | undefined> => {
    const found = await tips(request);
    const base = found.get(`refs/heads/${request.base}`);
    const head = found.get(`refs/heads/${request.head}`);
    // A merge whose process ended before the state was saved must not be made a second time.
    if (!base || !head || found.has(mergedRef(request.number))) throw notMergeable();
    if (request.expectedHead !== undefined && request.expectedHead !== head.sha) {
      throw new ForgeError('conflict', 'Head branch was modified. Review and try the merge again.');
    }
    const result = await check(request.directory, base.sha, head.sha);
    if (!result.clean) throw notMergeable();
    // Only then may the base hold the head already; asking git each time would cost a process.
    const unchanged = result.tree === base.tree;
    if (unchanged && (await isAncestor(request.directory, head.sha, base.sha))) throw notMergeable();
    const [baseSha, headSha] = [base.sha, head.sha];
    const parents = request.method === 'merge' ? ['-p', baseSha, '-p', headSha] : ['-p', baseSha];
    const args = ['commit-tree', result.tree, ...parents, '-F', '-'];
    const sha = await git.text(request.directory, args, { input: request.message });
    const merged = { sha, headSha, baseSha };
    return (await publish(request, merged)) ? merged : undefined;
  };

  return {
    check,
    /**
     * Merges for real: a new commit at the tip of the base, by compare-and-swap on both branches.
     * @throws not-allowed for a conflict (the base is unchanged) · conflict when the head is not the expected one
     */
    merge: async (request: MergeRequest): Promise<Merged> => {
      for (let left = maximumAttempts; left > 0; left -= 1) {
        const merged = await attempt(request);
        if (merged) return merged;
      }
      throw new ForgeError('not-allowed', 'Base branch was modified. Review and try the merge again.');
    },
  };
};

export type Merger = ReturnType<typeof createMerger>;
