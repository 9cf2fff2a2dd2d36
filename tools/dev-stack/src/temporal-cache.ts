import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isAlive } from './alive';
import { type Probes } from './probes';
import { TEMPORAL_CLI_VERSION, TEMPORAL_SERVER_VERSION, temporalServerVersion } from './temporal-version';

const PARTIAL = /^partial-(\d+)-/;

/** Where the binary of this version lies once it was obtained. */
export function cachedTemporal({ cacheDirectory, platform, arch }: Probes): string {
  return join(cacheDirectory, `temporal-${TEMPORAL_CLI_VERSION}-${platform}-${arch}`, 'temporal');
}

/**
 * Lets `obtain` write into a directory of its own, checks what it left, and moves that into the cache in one step: a
 * second run beside this one sees the old state or the new one, never half a file.
 * @returns the cached path, or why there is none
 */
export async function intoCache(
  probes: Probes,
  obtain: (directory: string) => Promise<{ file: string } | { failed: string }>,
): Promise<{ path: string } | { failed: string }> {
  const path = cachedTemporal(probes);
  await mkdir(dirname(path), { recursive: true });
  await removeAbandoned(dirname(path));
  const directory = await mkdtemp(join(dirname(path), `partial-${process.pid}-`));
  try {
    const obtained = await obtain(directory);
    if ('failed' in obtained) return obtained;
    await chmod(obtained.file, 0o755);
    const version = await temporalServerVersion(probes, obtained.file);
    if (version !== TEMPORAL_SERVER_VERSION)
      return { failed: `what came is not server ${TEMPORAL_SERVER_VERSION}` };
    await rename(obtained.file, path);
    return { path };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** What a run that was killed left behind: a hundred megabytes each time. */
async function removeAbandoned(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const owner = Number(PARTIAL.exec(name)?.[1] ?? Number.NaN);
    if (!Number.isNaN(owner) && !isAlive(owner))
      await rm(join(directory, name), { recursive: true, force: true });
  }
}
