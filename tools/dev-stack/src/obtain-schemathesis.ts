import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { firstThatFits, type Attempt } from './chain';
import { lastLine } from './docker-link';
import { type Probes } from './probes';

/** What it generates and checks changes with each release, so that a newer one is a change of this line. */
export const SCHEMATHESIS_VERSION = '4.32.5';

const ASK_LIMIT_MS = 60_000;
/** Some thirty packages, downloaded and compiled to bytecode. */
const INSTALL_LIMIT_MS = 5 * 60_000;
const PYTHON_MINIMUM = [3, 10] as const;
const ADVICE = `Mend any one of these; the shortest is Python ${PYTHON_MINIMUM.join('.')} or newer with venv and pip (on Debian: apt-get install python3-venv).`;

/**
 * The path of a Schemathesis of exactly this version: on PATH, cached, or installed by pip into a directory of its own.
 * @throws DevStackError naming every way that was tried
 */
export async function obtainSchemathesis(probes: Probes): Promise<string> {
  const links = [
    { name: 'PATH', attempt: () => fromPath(probes) },
    { name: 'cache', attempt: () => fromCache(probes) },
    { name: 'pip', attempt: () => fromPip(probes) },
  ];
  return await firstThatFits(links, { what: 'Schemathesis', report: probes.report, advice: ADVICE });
}

async function fromPath(probes: Probes): Promise<Attempt<string>> {
  const path = await probes.which('schemathesis');
  if (path === undefined) return { passed: 'no schemathesis on PATH' };
  return await ofThisVersion(probes, path, 'on PATH');
}

async function fromCache(probes: Probes): Promise<Attempt<string>> {
  return await ofThisVersion(probes, programIn(cached(probes)), 'cached');
}

async function fromPip(probes: Probes): Promise<Attempt<string>> {
  const { which, run, report, home } = probes;
  const python = await which('python3');
  if (python === undefined) return { passed: 'no python3 on PATH' };
  const { output: told } = await run(python, ['--version'], { timeoutMs: ASK_LIMIT_MS, cwd: home });
  const [, major = 0, minor = 0] = (/Python (\d+)\.(\d+)/.exec(told) ?? []).map(Number);
  if (major < PYTHON_MINIMUM[0] || (major === PYTHON_MINIMUM[0] && minor < PYTHON_MINIMUM[1]))
    return { passed: `Python ${PYTHON_MINIMUM.join('.')} or newer is needed, not ${lastLine(told)}` };
  report(`installing Schemathesis ${SCHEMATHESIS_VERSION} with pip, once`);
  const target = cached(probes);
  // The programs of such an environment name their own directory, so it is made where it stays; a killed installation
  // is known by the version that it does not tell.
  await rm(target, { recursive: true, force: true });
  const made = await run(python, ['-m', 'venv', target], { timeoutMs: ASK_LIMIT_MS, cwd: home });
  if (made.code !== 0) return { passed: `python3 -m venv: ${lastLine(made.output)}` };
  const spec = `schemathesis==${SCHEMATHESIS_VERSION}`;
  const installed = await run(join(target, 'bin', 'pip'), ['install', '--quiet', spec], {
    timeoutMs: INSTALL_LIMIT_MS,
    cwd: home,
  });
  if (installed.code !== 0) return { passed: `pip install: ${lastLine(installed.output)}` };
  return await ofThisVersion(probes, programIn(target), 'installed with pip');
}

async function ofThisVersion(
  { run, isExecutable, home }: Probes,
  path: string,
  how: string,
): Promise<Attempt<string>> {
  if (!(await isExecutable(path))) return { passed: `no Schemathesis at ${path}` };
  const { code, output } = await run(path, ['--version'], { timeoutMs: ASK_LIMIT_MS, cwd: home });
  const version = /version (\S+)/.exec(output)?.[1];
  if (code !== 0 || version !== SCHEMATHESIS_VERSION)
    return { passed: `${path} is ${version ?? 'of no version'}, not ${SCHEMATHESIS_VERSION}` };
  return { found: path, says: `${path} (${how}, ${version})` };
}

function cached({ cacheDirectory, platform, arch }: Probes): string {
  return join(cacheDirectory, `schemathesis-${SCHEMATHESIS_VERSION}-${platform}-${arch}`);
}

function programIn(environment: string): string {
  return join(environment, 'bin', 'schemathesis');
}
