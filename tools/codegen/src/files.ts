import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** Paths of all files below `directory`, relative to it, with `/`, sorted by code unit; none when it is missing. */
export async function listFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(whenMissing([]));
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** Applies `rewrite` to every file below `directory`, and ends each with exactly one newline. */
export async function rewriteFiles(directory: string, rewrite: (source: string) => string): Promise<void> {
  for (const file of await listFiles(directory)) {
    const path = join(directory, file);
    await writeFile(path, `${rewrite(await readFile(path, 'utf8')).trimEnd()}\n`);
  }
}

/** Files that are missing, superfluous or different in `actual` when compared with `expected`; sorted. */
export async function staleFiles(expected: string, actual: string): Promise<string[]> {
  const names = [...new Set([...(await listFiles(expected)), ...(await listFiles(actual))])].sort();
  const stale: string[] = [];
  for (const name of names) {
    const [wanted, found] = await Promise.all([contentOf(expected, name), contentOf(actual, name)]);
    if (wanted !== found) stale.push(name);
  }
  return stale;
}

async function contentOf(directory: string, name: string): Promise<string | undefined> {
  return readFile(join(directory, name), 'utf8').catch(whenMissing(undefined));
}

/** A handler that answers `fallback` for a file or folder that does not exist, and passes on any other error. */
function whenMissing<T>(fallback: T): (error: unknown) => T {
  return (error) => {
    if ((error as NodeJS.ErrnoException | null)?.code === 'ENOENT') return fallback;
    throw error;
  };
}
