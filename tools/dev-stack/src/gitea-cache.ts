import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlive } from './alive';
import { cachedGitea, type GiteaProgram } from './gitea-program';
import { type Probes } from './probes';

const PARTIAL = /^gitea-partial-(\d+)-/;

/**
 * Lets `fill` make the directory of a Gitea, and moves it into the cache in one step: whoever looks meanwhile sees
 * nothing or all of it.
 * @returns the cached program, or why there is none
 */
export async function intoGiteaCache(
  probes: Probes,
  fill: (directory: string) => Promise<{ failed: string } | undefined>,
): Promise<GiteaProgram | { failed: string }> {
  const program = cachedGitea(probes);
  const target = dirname(program.path);
  await mkdir(dirname(target), { recursive: true });
  await removeAbandoned(dirname(target));
  const directory = await mkdtemp(join(dirname(target), `gitea-partial-${process.pid}-`));
  try {
    const failure = await fill(directory);
    if (failure) return failure;
    // What was there did not run, or this run would not be here.
    await rm(target, { recursive: true, force: true });
    await rename(directory, target);
    return program;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What a build that was killed left behind: hundreds of megabytes each time. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const owner = Number(PARTIAL.exec(name)?.[1] ?? Number.NaN);
    if (!Number.isNaN(owner) && !isAlive(owner))
      await rm(join(directory, name), { recursive: true, force: true });
  }
}
