import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './alive';

/**
 * Lets `fill` work in a directory of its own below `parent`, from which it moves what is whole. It is removed in any
 * case, and so are those of the same `name` that a killed process left behind: hundreds of megabytes each time.
 */
export async function inPartialDirectory<T>(
  parent: string,
  name: string,
  fill: (directory: string) => Promise<T>,
): Promise<T> {
  await mkdir(parent, { recursive: true });
  await removeAbandoned(parent, name);
  const directory = await mkdtemp(join(parent, `${name}-${process.pid}-`));
  try {
    return await fill(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function removeAbandoned(parent: string, name: string): Promise<void> {
  const partial = new RegExp(`^${name}-(\\d+)-`);
  for (const entry of await readdir(parent)) {
    const owner = Number(partial.exec(entry)?.[1] ?? Number.NaN);
    if (!Number.isNaN(owner) && !isAlive(owner))
      await rm(join(parent, entry), { recursive: true, force: true });
  }
}
