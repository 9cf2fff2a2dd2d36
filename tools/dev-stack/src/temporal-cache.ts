import { chmod, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { inPartialDirectory } from './partial-directory';
import { type Probes } from './probes';
import { TEMPORAL_CLI_VERSION, TEMPORAL_SERVER_VERSION, temporalServerVersion } from './temporal-version';

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
  return await inPartialDirectory(dirname(path), 'partial', async (directory) => {
    const obtained = await obtain(directory);
    if ('failed' in obtained) return obtained;
    await chmod(obtained.file, 0o755);
    const version = await temporalServerVersion(probes, obtained.file);
    if (version !== TEMPORAL_SERVER_VERSION)
      return { failed: `what came is not server ${TEMPORAL_SERVER_VERSION}` };
    await rename(obtained.file, path);
    return { path };
  });
}
