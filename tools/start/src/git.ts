import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const LIMIT_MS = 60_000;
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/**
 * Runs git in `directory`, apart from this user's configuration; answers what it wrote. A token goes by the
 * environment: in a URL or an argument it would be read by others, and stand in error messages.
 */
export async function git(directory: string, args: readonly string[], token?: string): Promise<string> {
  const credentials = Buffer.from(`loom:${token ?? ''}`).toString('base64');
  const header = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
  };
  const { stdout } = await run('git', ['-C', directory, ...args], {
    timeout: LIMIT_MS,
    maxBuffer: LARGEST_OUTPUT,
    env: {
      PATH: process.env['PATH'],
      HOME: directory,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_TERMINAL_PROMPT: '0',
      LC_ALL: 'C',
      ...(token === undefined ? {} : header),
    },
  });
  return stdout;
}
