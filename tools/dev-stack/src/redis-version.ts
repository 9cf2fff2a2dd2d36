import { type Probes } from './probes';

/** The first with a port of choice for a cluster's bus, and with sharded slots answers. */
const MINIMUM_MAJOR = 7;
const VERSION_LIMIT_MS = 10_000;
const NAMES = ['redis-server', 'valkey-server'];

/** The first server on PATH that is recent enough. */
export async function findRedisServer(
  probes: Probes,
): Promise<{ path: string; version: string } | { passed: string }> {
  const reasons: string[] = [];
  for (const name of NAMES) {
    const path = await probes.which(name);
    if (path === undefined) {
      reasons.push(`no ${name}`);
      continue;
    }
    const { output } = await probes.run(path, ['--version'], { timeoutMs: VERSION_LIMIT_MS });
    const version = /v=(\d+\.\d+\.\d+)/.exec(output)?.[1];
    if (version !== undefined && Number.parseInt(version, 10) >= MINIMUM_MAJOR) return { path, version };
    reasons.push(`${path} is ${version ?? 'of an unknown version'}, ${MINIMUM_MAJOR} or newer is needed`);
  }
  return { passed: reasons.join(', ') };
}
