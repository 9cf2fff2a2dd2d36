import { GitError, type Snapshot } from '../ports';
import type { GitRunner } from './git-runner';

/** What a snapshot reads from: a clone that holds its commit. */
export interface SnapshotSource {
  git: GitRunner;
  directory: string;
  repo: string;
  branch: string;
  commit: string;
  release: () => void;
}

/** Reads files straight from git's objects: nothing is checked out, so snapshots never meet one another. */
export function createGitSnapshot(source: SnapshotSource): Snapshot {
  const { git, directory, repo, branch, commit, release } = source;
  const blobs = async (paths: readonly string[]): Promise<Map<string, Buffer>> => {
    // A name with a line break cannot be asked for, and no such file is ours.
    const asked = paths.filter((path) => path !== '' && !/[\n\r]/.test(path));
    if (asked.length === 0) return new Map();
    const input = asked.map((path) => `${commit}:${path}\n`).join('');
    return parseBatch(asked, await git.bytes(directory, ['cat-file', '--batch'], { input }));
  };
  const readOne = async (path: string): Promise<string | undefined> => {
    const content = (await blobs([path])).get(path);
    return content && decoded(content, `${path} of ${repo}`);
  };
  const known = new Map<string, Promise<string | undefined>>();
  const read = (path: string): Promise<string | undefined> => {
    // A step looks at the same few files again and again, and each look is a process.
    const found = known.get(path) ?? readOne(path);
    known.set(path, found);
    return found;
  };
  return {
    repo,
    branch,
    commit,
    // One file that is no text must not hide all others from who only looks.
    readMany: async (paths) =>
      new Map([...(await blobs(paths))].map(([path, content]) => [path, content.toString('utf8')])),
    read,
    list: async (dir) => {
      const below = dir === '' ? [] : ['--', dir];
      const output = await git.run(directory, ['ls-tree', '-r', '-z', '--name-only', commit, ...below]);
      return output
        .split('\0')
        .filter((path) => path !== '')
        .sort();
    },
    release,
  };
}

/** What is read may be edited and written back: it must be the file's every byte, a leading mark (BOM) included. */
function decoded(content: Buffer, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
  } catch (error) {
    throw new GitError(`${what} is not UTF-8 text, and is not edited`, false, { cause: error });
  }
}

/** `<id> <type> <size>\n<bytes>\n` for each asked object, or `<name> missing\n`, in the order asked. */
function parseBatch(paths: readonly string[], output: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  let offset = 0;
  for (const path of paths) {
    const lineEnd = output.indexOf(0x0a, offset);
    if (lineEnd === -1) break;
    const header = output.toString('utf8', offset, lineEnd);
    offset = lineEnd + 1;
    const match = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header);
    if (!match) continue;
    const end = offset + Number(match[2]);
    if (match[1] === 'blob') files.set(path, output.subarray(offset, end));
    offset = end + 1;
  }
  return files;
}
