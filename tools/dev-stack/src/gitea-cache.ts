import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cachedGitea, type GiteaProgram } from './gitea-program';
import { inPartialDirectory } from './partial-directory';
import { type Probes } from './probes';

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
  return await inPartialDirectory(dirname(target), 'gitea-partial', async (directory) => {
    const failure = await fill(directory);
    if (failure) return failure;
    // What was there did not run, or this run would not be here.
    await rm(target, { recursive: true, force: true });
    await rename(directory, target);
    return program;
  });
}
