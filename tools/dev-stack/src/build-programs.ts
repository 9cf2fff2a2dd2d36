import { resolve } from 'node:path';
import { DevStackError } from './errors';
import type { RunCommand } from './run-command';

const LIMIT_MS = 5 * 60_000;
const SHOWN_LINES = 40;

/**
 * Builds these Nx projects into `dist`; nothing is built that is built already.
 * @throws DevStackError with the end of what the build said
 */
export async function buildPrograms(
  run: RunCommand,
  projects: readonly string[],
  onTick?: (seconds: number) => void,
): Promise<void> {
  const args = [resolve('node_modules/.bin/nx'), 'run-many', '-t', 'build', '-p', projects.join(',')];
  const env = { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', NX_NO_CLOUD: 'true' };
  const limits = { timeoutMs: LIMIT_MS, env, ...(onTick === undefined ? {} : { onTick }) };
  const { code, output } = await run(process.execPath, args, limits);
  if (code === 0) return;
  throw new DevStackError(`the build failed:\n${output.split('\n').slice(-SHOWN_LINES).join('\n')}`);
}
