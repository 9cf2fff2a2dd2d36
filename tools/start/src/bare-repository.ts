import { join } from 'node:path';
import { git } from './git';

/** One of the forge's bare repositories, as it was seeded (`first`) and as it stands (`main`). */
export interface BareRepository {
  name: string;
  changedPaths(): Promise<string[]>;
  /** undefined where there is no such file. */
  read(version: 'first' | 'main', path: string): Promise<string | undefined>;
  /** The paths on main below `directory`. */
  list(directory: string): string[];
}

/** `repositories`: where the forge keeps them; `name`: owner/name. @throws when there is none */
export async function openBareRepository(repositories: string, name: string): Promise<BareRepository> {
  const directory = join(repositories, `${name}.git`);
  const roots = (await git(directory, ['rev-list', '--max-parents=0', 'main'])).trim().split('\n');
  const revisions = { first: roots.at(-1) ?? '', main: 'main' };
  const listed = async (args: readonly string[]): Promise<string[]> =>
    (await git(directory, args)).split('\0').filter((line) => line !== '');
  const paths = async (revision: string) => await listed(['ls-tree', '-r', '-z', '--name-only', revision]);
  const there = { first: await paths(revisions.first), main: await paths(revisions.main) };
  return {
    name,
    changedPaths: () => listed(['diff', '--no-renames', '--name-only', '-z', revisions.first, 'main']),
    list: (below) => there.main.filter((path) => path.startsWith(`${below}/`)),
    read: async (version, path) =>
      there[version].includes(path)
        ? await git(directory, ['show', `${revisions[version]}:${path}`])
        : undefined,
  };
}
