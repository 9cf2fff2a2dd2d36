import type { Snapshot } from '../ports';
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
  const readMany = async (paths: readonly string[]): Promise<Map<string, string>> => {
    // A name with a line break cannot be asked for, and no such file is ours.
    const asked = paths.filter((path) => path !== '' && !/[\n\r]/.test(path));
    if (asked.length === 0) return new Map();
    const input = asked.map((path) => `${commit}:${path}\n`).join('');
    return parseBatch(asked, await git.bytes(directory, ['cat-file', '--batch'], { input }));
  };
  const known = new Map<string, Promise<string | undefined>>();
  const read = (path: string): Promise<string | undefined> => {
    // A step looks at the same few files again and again, and each look is a process.
    const found = known.get(path) ?? readMany([path]).then((files) => files.get(path));
    known.set(path, found);
    return found;
  };
  return {
    repo,
    branch,
    commit,
    readMany,
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

/** `<id> <type> <size>\n<bytes>\n` for each asked object, or `<name> missing\n`, in the order asked. */
function parseBatch(paths: readonly string[], output: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  let offset = 0;
  for (const path of paths) {
    const lineEnd = output.indexOf(0x0a, offset);
    if (lineEnd === -1) break;
    const header = output.toString('utf8', offset, lineEnd);
    offset = lineEnd + 1;
    const match = /^[0-9a-f]+ (\w+) (\d+)$/.exec(header);
    if (!match) continue;
    const end = offset + Number(match[2]);
    if (match[1] === 'blob') files.set(path, output.toString('utf8', offset, end));
    offset = end + 1;
  }
  return files;
}
