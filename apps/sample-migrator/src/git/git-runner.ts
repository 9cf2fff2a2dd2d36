import { simpleGit, type SimpleGit } from 'simple-git';
import type { OutageLog } from '@loom/ports';
import { tokenRefusal } from '../forge/token-refusal';
import { GitError } from '../ports';

/** How a git process is run. */
interface GitRunOptions {
  /** Written to standard input. */
  input?: string;
}

/** Runs git in a directory; rejects with GitError, whose message holds no credentials. */
export interface GitRunner {
  run(directory: string, args: readonly string[], options?: GitRunOptions): Promise<string>;
  /** As `run`, for output that is not only text. */
  bytes(directory: string, args: readonly string[], options?: GitRunOptions): Promise<Buffer>;
}

export interface GitRunnerDeps {
  /** Sent to `gitBase` only, as a header; never in an address, an argument or a log. */
  token: string | undefined;
  /** Origin and path prefix of clone addresses. */
  gitBase: string;
  /** Environment that git needs (PATH, proxies, certificates). */
  environment: Readonly<Record<string, string>>;
  /** Stands in for the user's home directory, so that nobody's own git settings apply. */
  home: string;
  timeoutMs: number;
  /** Told whether the token is taken. */
  tokenLog: OutageLog;
}

/** simple-git lets no `GIT_*` variable through that is not named. */
const ALLOWED = ['GIT_TERMINAL_PROMPT', 'GIT_CONFIG_COUNT', 'GIT_LITERAL_PATHSPECS'];

/** A clone on disk is not what git left there: somebody else removed it, or a part of it. Another clone will do. */
export class BrokenCloneError extends GitError {
  constructor(message: string) {
    super(message, true);
  }
}

/** What simple-git and git say of a clone that is away or damaged; never of a remote. */
const BROKEN =
  /directory that does not exist|unable to read current working directory|not a git repository \(|bad object|not a valid object name|not a tree object|unable to read (?:tree|sha1)|object file .+ is empty|is corrupt|missing (?:blob|tree|commit)|not contain a valid|'origin' does not appear to be/i;

/** What git and curl say of a network, or of a server, that is away for the moment; but for what they quote. */
const TRANSIENT =
  /could not resolve host|failed to connect|connection|timed? ?out|timeout|early eof|hung up|unexpected disconnect|error: 5\d\d|error: 429|cannot lock ref/i;

/** Commands that ask the remote. */
const REMOTE: readonly unknown[] = ['ls-remote', 'fetch', 'push'];

/** What git says when the server answered 401: it would ask a person for a name and a password. */
const UNKNOWN_TOKEN = /could not read (?:username|password)|authentication failed|error: 401/i;
/** The token is known, and has no right to that. */
const NO_RIGHT = /error: 403/i;

/** Runs git by simple-git, with a bounded time and an environment of its own. */
export function createGitRunner(deps: GitRunnerDeps): GitRunner {
  const settings = configEnvironment(deps);
  const base = {
    ...deps.environment,
    HOME: deps.home,
    LC_ALL: 'C',
    GIT_TERMINAL_PROMPT: '0',
    GIT_LITERAL_PATHSPECS: '1',
    ...settings,
  };
  const git = (directory: string, { input }: GitRunOptions): SimpleGit =>
    simpleGit({
      baseDir: directory,
      // The settings come from this file, so the guard against injected ones has nothing to guard.
      unsafe: { allowUnsafeConfigEnvCount: true },
      allowEnvironment: [...ALLOWED, ...Object.keys(settings)],
      timeout: { block: deps.timeoutMs, stdErr: false, stdOut: false },
      // A buffer, because simple-git leaves standard input open when it is given an empty string.
      input: () => Buffer.from(input ?? ''),
    }).env(base);
  const guarded = async <T>(args: readonly string[], run: () => Promise<T>): Promise<T> => {
    try {
      const output = await run();
      if (REMOTE.includes(args[0])) deps.tokenLog.worked();
      return output;
    } catch (error) {
      const failure = failureOf(args[0] ?? '', reasonOf(error, deps.token), deps.token);
      if (failure.tokenRefused) deps.tokenLog.failed(failure.message);
      throw failure;
    }
  };
  return {
    run: (directory, args, options = {}) => guarded(args, async () => git(directory, options).raw([...args])),
    bytes: (directory, args, options = {}) =>
      guarded(args, async () => (await git(directory, options).binaryCatFile(args.slice(1))) as Buffer),
  };
}

/** Settings by environment instead of `-c`: arguments are visible to every user of the machine. */
function configEnvironment({ token, gitBase }: GitRunnerDeps): Record<string, string> {
  const settings: [string, string][] = [
    ['gc.auto', '0'],
    ['core.quotePath', 'false'],
    ['core.autocrlf', 'false'],
  ];
  if (token !== undefined && gitBase.startsWith('http')) {
    const credentials = Buffer.from(`x-access-token:${token}`).toString('base64');
    settings.push([`http.${gitBase}/.extraHeader`, `Authorization: Basic ${credentials}`]);
    // A redirect to another host must not get the header.
    settings.push(['http.followRedirects', 'false']);
  }
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(settings.length)],
    ...settings.flatMap(([key, value], index) => [
      [`GIT_CONFIG_KEY_${String(index)}`, key],
      [`GIT_CONFIG_VALUE_${String(index)}`, value],
    ]),
  ]) as Record<string, string>;
}

function failureOf(command: string, reason: string, token: string | undefined): GitError {
  const message = `git ${command} failed: ${reason}`;
  if (BROKEN.test(reason)) return new BrokenCloneError(message);
  if (UNKNOWN_TOKEN.test(reason)) {
    const refusal = tokenRefusal(token, `git ${command} was answered with 401`);
    return new GitError(refusal, false, { tokenRefused: true });
  }
  if (NO_RIGHT.test(reason)) return new GitError(tokenRefusal(token, message));
  // An address may have any word in it.
  return new GitError(message, TRANSIENT.test(reason.replace(/\B'[^']*'/g, "''")));
}

/** The last telling line of what git said. */
function reasonOf(error: unknown, token: string | undefined): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split('\n').map((line) => line.trim());
  const telling = lines.filter((line) => /^(?:fatal|error|remote|!)/.test(line));
  const shown = (telling.length > 0 ? telling : lines.filter((line) => line !== ''))
    .slice(-3)
    .join('; ')
    .slice(0, 500);
  return token === undefined ? shown : shown.replaceAll(token, '***');
}
