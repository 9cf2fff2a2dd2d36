import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { createLimiter } from '../concurrency';

const commandTimeoutMs = 20_000;
const maximumOutputBytes = 64 * 1024 * 1024;
/** Enough to keep a few cores busy; more only makes every command slower. */
const maximumProcesses = 8;
/** `git merge-tree --write-tree`, on which merging rests, came with this version. */
const leastVersion = [2, 38] as const;

/** What a git command printed; the exit code is 0 or one the caller said it expects. */
export type GitResult = { readonly code: number; readonly stdout: Buffer };

export type GitOptions = {
  readonly input?: string | Buffer;
  /** Exit codes besides 0 that are an answer rather than a failure. */
  readonly answers?: readonly number[];
  /** Fewer bytes than the default, where a longer answer is of no use. */
  readonly maximumBytes?: number;
};

/** A git command that failed; `tooLarge` when its output passed the limit. */
export class GitError extends Error {
  constructor(
    message: string,
    readonly tooLarge = false,
  ) {
    super(message);
  }
}

/** Runs git on bare repositories with bounded time, output and number of processes. */
export type Git = {
  run(directory: string, args: readonly string[], options?: GitOptions): Promise<GitResult>;
  /** As `run`, but the printed text without its last newline. */
  text(directory: string, args: readonly string[], options?: GitOptions): Promise<string>;
  /** The whole environment of a git process: nothing of the user's or the system's settings is in it. */
  readonly environment: Readonly<Record<string, string>>;
};

const settings: readonly (readonly [string, string])[] = [
  ['safe.directory', '*'],
  ['core.hooksPath', '/dev/null'],
  ['core.quotePath', 'false'],
  ['gc.auto', '0'],
  ['receive.autogc', 'false'],
  ['receive.hideRefs', 'refs/pull'],
  ['receive.hideRefs', 'refs/forge'],
  ['uploadpack.hideRefs', 'refs/forge'],
];

const environmentOf = (deps: {
  dir: string;
  searchPath: string;
  author: string;
}): Record<string, string> => ({
  PATH: deps.searchPath,
  HOME: join(deps.dir, 'home'),
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_LITERAL_PATHSPECS: '1',
  GIT_AUTHOR_NAME: deps.author,
  GIT_AUTHOR_EMAIL: `${deps.author}@local-forge.invalid`,
  GIT_COMMITTER_NAME: deps.author,
  GIT_COMMITTER_EMAIL: `${deps.author}@local-forge.invalid`,
  GIT_CONFIG_COUNT: String(settings.length),
  ...Object.fromEntries(
    settings.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${index}`, key],
      [`GIT_CONFIG_VALUE_${index}`, value],
    ]),
  ),
});

/** @param deps.dir the forge's directory · `searchPath` where git is found · `author` of the commits it makes */
export const createGit = (deps: { dir: string; searchPath: string; author: string }): Git => {
  const limiter = createLimiter(maximumProcesses);
  const environment = environmentOf(deps);

  const execute = (directory: string, args: readonly string[], options: GitOptions): Promise<GitResult> =>
    new Promise((resolve, reject) => {
      const child = execFile(
        'git',
        ['--git-dir', directory, ...args],
        {
          env: environment,
          cwd: directory,
          encoding: 'buffer',
          timeout: commandTimeoutMs,
          killSignal: 'SIGKILL',
          maxBuffer: options.maximumBytes ?? maximumOutputBytes,
        },
        (error, stdout, stderr) => {
          if (!error) {
            resolve({ code: 0, stdout });
            return;
          }
          if (typeof error.code === 'number' && options.answers?.includes(error.code)) {
            resolve({ code: error.code, stdout });
            return;
          }
          const tooLarge = String(error.code) === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
          const reason = stderr.toString('utf8').trim().split('\n')[0] ?? '';
          reject(new GitError(`git ${args[0] ?? ''}: ${reason || error.message.split('\n')[0]}`, tooLarge));
        },
      );
      // A command that ends before it has read its input closes the pipe; its exit code tells why.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(options.input ?? '');
    });

  const run: Git['run'] = (directory, args, options = {}) =>
    limiter.run(() => execute(directory, args, options));
  return {
    run,
    text: async (directory, args, options) =>
      (await run(directory, args, options)).stdout.toString('utf8').replace(/\n$/, ''),
    environment,
  };
};

/** @throws Error of one line that says what to install when git is absent or too old. */
export const requireGit = async (searchPath: string): Promise<void> => {
  const wanted = leastVersion.join('.');
  const output = await new Promise<string>((resolve) => {
    execFile(
      'git',
      ['--version'],
      { env: { PATH: searchPath }, timeout: commandTimeoutMs },
      (error, stdout) => {
        resolve(error ? '' : stdout);
      },
    );
  });
  const version = /(\d+)\.(\d+)/.exec(output);
  if (!version) throw new Error(`git was not found on PATH: install git ${wanted} or newer`);
  const [major, minor] = [Number(version[1]), Number(version[2])];
  if (major < leastVersion[0] || (major === leastVersion[0] && minor < leastVersion[1])) {
    throw new Error(`git ${version[0]} is too old: install git ${wanted} or newer`);
  }
};
