import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Attempt } from './chain';
import { lastLine } from './docker-link';
import { DevStackError } from './errors';
import { intoGiteaCache } from './gitea-cache';
import {
  cachedGitea,
  GITEA_VERSION,
  type GiteaProgram,
  giteaVersion,
  type RunningGitea,
} from './gitea-program';
import { type Probes } from './probes';

const GO_MINIMUM = [1, 25] as const;
const GO_MODULE = `code.gitea.io/gitea@${GITEA_VERSION}`;
const ASK_LIMIT_MS = 20_000;
const DOWNLOAD_LIMIT_MS = 5 * 60_000;
const COPY_LIMIT_MS = 60_000;
/** Measured: four minutes on two cores. */
const BUILD_LIMIT_MS = 25 * 60_000;
/** What a Gitea without built-in assets reads at run time; the pages' scripts are not among it. */
const STATIC_FOLDERS = ['options', 'templates', 'public'];
const BARE_VERSION = GITEA_VERSION.slice(1);

/**
 * A Gitea that somebody else runs. One that was named and does not answer is a mistake to tell.
 * @throws DevStackError one line
 */
export async function fromGiteaVariables(
  { env }: Probes,
  answers: (gitea: RunningGitea) => Promise<boolean>,
): Promise<Attempt<RunningGitea>> {
  const { GITEA_URL: named = '', GITEA_TOKEN: token = '' } = env;
  if (named === '') return { passed: 'not set' };
  const url = named.replace(/\/+$/, '');
  if (await answers({ url, token })) return { found: { url, token }, says: `${url} answers (GITEA_URL)` };
  throw new DevStackError(
    `GITEA_URL=${url} does not answer a request with GITEA_TOKEN; start it and give a token of somebody who may create organizations, or unset GITEA_URL to let Loom start its own`,
  );
}

export async function fromGiteaPath(probes: Probes): Promise<Attempt<GiteaProgram>> {
  const path = await probes.which('gitea');
  if (path === undefined) return { passed: 'no gitea on PATH' };
  const version = await giteaVersion(probes, path);
  return version === undefined
    ? { passed: `${path} tells no version` }
    : { found: { path, staticRoot: undefined }, says: `${path} (on PATH, ${version})` };
}

export async function fromGiteaCache(probes: Probes): Promise<Attempt<GiteaProgram>> {
  const program = cachedGitea(probes);
  return (await giteaVersion(probes, program.path)) === BARE_VERSION
    ? { found: program, says: `${program.path} (cached, ${BARE_VERSION})` }
    : { passed: `no Gitea ${BARE_VERSION} at ${program.path}` };
}

/** Builds Gitea from its source, once: without the pages' scripts, which the API does not need. */
export async function fromGiteaSource(probes: Probes): Promise<Attempt<GiteaProgram>> {
  const { which, run, report, home } = probes;
  if ((await which('go')) === undefined) return { passed: 'no go command on PATH' };
  const { output: told } = await run('go', ['version'], { timeoutMs: ASK_LIMIT_MS, cwd: home });
  const [, major = 0, minor = 0] = (/go(\d+)\.(\d+)/.exec(told) ?? []).map(Number);
  if (major < GO_MINIMUM[0] || (major === GO_MINIMUM[0] && minor < GO_MINIMUM[1]))
    return { passed: `Go ${GO_MINIMUM.join('.')} or newer is needed, not ${lastLine(told)}` };
  const fetched = await run('go', ['mod', 'download', '-json', GO_MODULE], {
    timeoutMs: DOWNLOAD_LIMIT_MS,
    cwd: home,
  });
  const source = /"Dir": "([^"]+)"/.exec(fetched.output)?.[1];
  if (fetched.code !== 0 || source === undefined)
    return {
      passed: `${GO_MODULE} is not to be had: ${fetched.timedOut ? 'no answer' : lastLine(fetched.output)}`,
    };
  report(`building Gitea ${BARE_VERSION} with Go: about 4 minutes, once`);
  const cached = await intoGiteaCache(probes, (directory) => build(probes, source, directory));
  return 'path' in cached
    ? { found: cached, says: `${cached.path} (built with Go, ${BARE_VERSION})` }
    : { passed: cached.failed };
}

async function build(
  probes: Probes,
  source: string,
  directory: string,
): Promise<{ failed: string } | undefined> {
  const { run, report } = probes;
  // Go builds no main module inside its own cache, and what it keeps there may not even be deleted by its owner.
  const copy = join(directory, 'source');
  const copied = await run('cp', ['-R', source, copy], { timeoutMs: COPY_LIMIT_MS });
  const writable = await run('chmod', ['-R', 'u+w', copy], { timeoutMs: COPY_LIMIT_MS });
  if (copied.code !== 0 || writable.code !== 0) return { failed: `cp: ${lastLine(copied.output)}` };
  const target = join(directory, 'gitea');
  const options = ['-tags', 'sqlite sqlite_unlock_notify', '-ldflags', `-X main.Version=${BARE_VERSION}`];
  const built = await run('go', ['build', ...options, '-o', target, '.'], {
    timeoutMs: BUILD_LIMIT_MS,
    cwd: copy,
    onTick: (seconds) => {
      report(`still building Gitea (${seconds} s)`);
    },
  });
  if (built.code !== 0) return { failed: `go build: ${lastLine(built.output)}` };
  for (const folder of STATIC_FOLDERS) await rename(join(copy, folder), join(directory, folder));
  await rm(copy, { recursive: true, force: true });
  return (await giteaVersion(probes, target)) === BARE_VERSION
    ? undefined
    : { failed: `what was built is not Gitea ${BARE_VERSION}` };
}
