import { type Probes } from './probes';

/** The command-line tool that is fetched, and the server inside it. Later ones cannot be installed with Go. */
export const TEMPORAL_CLI_VERSION = 'v1.5.1';
export const TEMPORAL_SERVER_VERSION = '1.29.1';

const VERSION_LIMIT_MS = 15_000;

/** The server version of a Temporal CLI, or undefined when it is none. */
export async function temporalServerVersion(probes: Probes, path: string): Promise<string | undefined> {
  if (!(await probes.isExecutable(path))) return undefined;
  const { code, output } = await probes.run(path, ['--version'], { timeoutMs: VERSION_LIMIT_MS });
  return code === 0 ? /server (\d+\.\d+\.\d+)/i.exec(output)?.[1] : undefined;
}
