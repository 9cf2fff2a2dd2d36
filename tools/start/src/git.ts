import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIMIT_MS = 60_000;
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/** Runs git in `directory`, apart from this user's configuration; answers what it wrote. */
export async function git(directory: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run('git', ['-C', directory, ...args], {
    timeout: LIMIT_MS,
    maxBuffer: LARGEST_OUTPUT,
    env: {
      PATH: process.env['PATH'],
      HOME: directory,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
    },
  });
  return stdout;
}
