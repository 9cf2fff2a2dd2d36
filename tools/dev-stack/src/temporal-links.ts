import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Attempt } from './chain';
import { lastLine } from './docker-link';
import { DevStackError } from './errors';
import { type Probes } from './probes';
import { type Program } from './program';
import { cachedTemporal, intoCache } from './temporal-cache';
import { TEMPORAL_CLI_VERSION, TEMPORAL_SERVER_VERSION, temporalServerVersion } from './temporal-version';

const DOWNLOADER = fileURLToPath(new URL('../temporal-download.mjs', import.meta.url));
/** A network that refuses says so at once; one that swallows packets has sent no byte by then. */
const FIRST_BYTE_MS = 8_000;
const DOWNLOAD_LIMIT_MS = 5 * 60_000;

const GO_MINIMUM = [1, 25] as const;
const GO_MODULE = 'github.com/temporalio/cli';
const GO_ASK_LIMIT_MS = 20_000;
/** Measured: three minutes on two cores. */
const GO_BUILD_LIMIT_MS = 20 * 60_000;

/** @throws DevStackError when TEMPORAL_CLI_PATH is set and no Temporal CLI is there */
export async function fromPath(probes: Probes): Promise<Attempt<Program>> {
  const given = probes.env['TEMPORAL_CLI_PATH'];
  const path = given === undefined || given === '' ? await probes.which('temporal') : given;
  if (path === undefined) return { passed: 'TEMPORAL_CLI_PATH is not set, and no temporal is on PATH' };
  const version = await temporalServerVersion(probes, path);
  if (version !== undefined) return binary(path, version, path === given ? 'TEMPORAL_CLI_PATH' : 'on PATH');
  if (path !== given) return { passed: `${path} tells no server version` };
  throw new DevStackError(
    `TEMPORAL_CLI_PATH=${path} is no Temporal CLI; correct it, or unset it to let Loom find or fetch one`,
  );
}

/** The cache of Loom, and where Go installs to. */
export async function fromCache(probes: Probes): Promise<Attempt<Program>> {
  const { env, home } = probes;
  const goPath = env['GOPATH']?.split(':', 1)[0] ?? join(home, 'go');
  const places = [cachedTemporal(probes), join(env['GOBIN'] ?? join(goPath, 'bin'), 'temporal')];
  for (const path of places) {
    const version = await temporalServerVersion(probes, path);
    if (version === TEMPORAL_SERVER_VERSION) return binary(path, version, 'cached');
  }
  return { passed: `no server ${TEMPORAL_SERVER_VERSION} at ${places.join(' or ')}` };
}

/** The download that Temporal's own test library offers, run in a process of its own so that it can be given up. */
export async function fromDownload(probes: Probes): Promise<Attempt<Program>> {
  const { run, report } = probes;
  const cached = await intoCache(probes, async (directory) => {
    const { output, timedOut } = await run(process.execPath, [DOWNLOADER, TEMPORAL_CLI_VERSION, directory], {
      timeoutMs: DOWNLOAD_LIMIT_MS,
      hopeless: { afterMs: FIRST_BYTE_MS, ask: async () => (await readdir(directory)).length === 0 },
      onTick: (seconds) => {
        report(`still downloading the Temporal CLI (${seconds} s)`);
      },
    });
    const file = (await readdir(directory)).find((name) => name.endsWith(TEMPORAL_CLI_VERSION));
    if (file !== undefined) return { file: join(directory, file) };
    return { failed: timedOut ? 'the network sends nothing' : `refused: ${lastLine(causeOf(output))}` };
  });
  return 'path' in cached
    ? binary(cached.path, TEMPORAL_SERVER_VERSION, 'downloaded')
    : { passed: cached.failed };
}

/** Builds the CLI from source, once. */
export async function fromGo(probes: Probes): Promise<Attempt<Program>> {
  const { which, run, report, home } = probes;
  if ((await which('go')) === undefined) return { passed: 'no go command on PATH' };
  const { output: told } = await run('go', ['version'], { timeoutMs: GO_ASK_LIMIT_MS, cwd: home });
  const [, major, minor] = (/go(\d+)\.(\d+)/.exec(told) ?? []).map(Number);
  if (!isRecent(major ?? 0, minor ?? 0))
    return { passed: `Go ${GO_MINIMUM.join('.')} or newer is needed, not ${lastLine(told)}` };
  const module = `${GO_MODULE}@${TEMPORAL_CLI_VERSION}`;
  const offered = await run('go', ['list', '-m', module], { timeoutMs: GO_ASK_LIMIT_MS, cwd: home });
  if (offered.code !== 0)
    return {
      passed: `${module} is not to be had: ${offered.timedOut ? 'no answer' : lastLine(offered.output)}`,
    };
  report(`building the Temporal CLI ${TEMPORAL_CLI_VERSION} with Go: about 3 minutes, once`);
  const cached = await intoCache(probes, async (directory) => {
    const built = await run('go', ['install', `${GO_MODULE}/cmd/temporal@${TEMPORAL_CLI_VERSION}`], {
      timeoutMs: GO_BUILD_LIMIT_MS,
      cwd: home,
      env: { ...probes.env, GOBIN: directory },
      onTick: (seconds) => {
        report(`still building the Temporal CLI (${seconds} s)`);
      },
    });
    return built.code === 0
      ? { file: join(directory, 'temporal') }
      : { failed: `go install: ${lastLine(built.output)}` };
  });
  return 'path' in cached
    ? binary(cached.path, TEMPORAL_SERVER_VERSION, 'built with Go')
    : { passed: cached.failed };
}

/** The library repeats the whole address at each level of its error; what counts comes after the last. */
function causeOf(output: string): string {
  return output.split(/for url \([^)]*\): /).at(-1) ?? output;
}

function isRecent(major: number, minor: number): boolean {
  const [wantedMajor, wantedMinor] = GO_MINIMUM;
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}

function binary(path: string, version: string, how: string): Attempt<Program> {
  return { found: { kind: 'binary', path }, says: `${path} (${how}, server ${version})` };
}
