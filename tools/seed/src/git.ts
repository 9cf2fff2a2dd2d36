import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs git in one directory; the token goes by the environment, never by an argument. */
export type Git = (args: readonly string[], input?: string) => Promise<string>;

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT = 64 * 1024 * 1024;

/** Gives `use` a bare repository in a temporary directory, which is gone afterwards. */
export async function withRepository<T>(token: string, use: (git: Git) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'loom-seed-'));
  const git: Git = (args, input) => run(directory, environment(token, directory), args, input);
  try {
    await git(['init', '--quiet', '--bare', '--initial-branch=main']);
    return await use(git);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function environment(token: string, home: string): NodeJS.ProcessEnv {
  const { PATH, HTTPS_PROXY, HTTP_PROXY, NO_PROXY, https_proxy, http_proxy, no_proxy } = process.env;
  return {
    ...{ PATH, HTTPS_PROXY, HTTP_PROXY, NO_PROXY, https_proxy, http_proxy, no_proxy },
    HOME: home,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'http.extraHeader',
    GIT_CONFIG_VALUE_0: `Authorization: Basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`,
  };
}

function run(cwd: string, env: NodeJS.ProcessEnv, args: readonly string[], input?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT };
    const child = execFile('git', [...args], options, (error, stdout, stderr) => {
      if (error) reject(new Error(`git ${args[0] ?? ''} failed: ${stderr.trim() || error.message}`));
      else resolve(stdout);
    });
    child.stdin?.on('error', () => undefined).end(input ?? '');
  });
}

/** A commit that `git fast-import` makes: the whole content of a new branch, or changes on top of `parent`. */
export interface ImportedCommit {
  branch: string;
  message: string;
  author: string;
  /** Seconds since 1970, so that the same content makes the same commit. */
  at: number;
  parent?: string;
  files: Readonly<Record<string, string>>;
}

/** Makes one commit without a work tree; returns its id. */
export async function importCommit(git: Git, commit: ImportedCommit): Promise<string> {
  const who = `${commit.author} <${commit.author}@example.invalid> ${String(commit.at)} +0000`;
  const data = (text: string): string => `data ${String(Buffer.byteLength(text))}\n${text}\n`;
  const stream = [
    `commit refs/heads/${commit.branch}\nauthor ${who}\ncommitter ${who}\n${data(commit.message)}`,
    commit.parent === undefined ? '' : `from ${commit.parent}\n`,
    ...Object.entries(commit.files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`),
    'done\n',
  ].join('');
  await git(['fast-import', '--quiet', '--done', '--force'], stream);
  return (await git(['rev-parse', `refs/heads/${commit.branch}`])).trim();
}
