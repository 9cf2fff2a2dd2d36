import { chmod, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Attempt } from './chain';
import { lastLine } from './docker-link';
import { inPartialDirectory } from './partial-directory';
import { type Probes } from './probes';
import { type Program } from './program';

/** Later ones are not needed, and this one is known to build. */
const VERSION = 'v2.5.0';
const GO_MODULE = 'github.com/Shopify/toxiproxy/v2';
const ASK_LIMIT_MS = 20_000;
/** Measured: 15 seconds on two cores. */
const BUILD_LIMIT_MS = 10 * 60_000;

/** Where the binary of this version lies once it was built. */
export function cachedToxiproxy({ cacheDirectory, platform, arch }: Probes): string {
  return join(cacheDirectory, `toxiproxy-${VERSION}-${platform}-${arch}`, 'toxiproxy-server');
}

export async function toxiproxyFromPath(probes: Probes): Promise<Attempt<Program>> {
  const path = await probes.which('toxiproxy-server');
  if (path === undefined) return { passed: 'no toxiproxy-server on PATH' };
  return (await isToxiproxy(probes, path))
    ? binary(path, 'on PATH')
    : { passed: `${path} tells no version of toxiproxy` };
}

export async function toxiproxyFromCache(probes: Probes): Promise<Attempt<Program>> {
  const path = cachedToxiproxy(probes);
  return (await isToxiproxy(probes, path)) ? binary(path, 'cached') : { passed: `none at ${path}` };
}

/** Builds it from source, once. */
export async function toxiproxyFromGo(probes: Probes): Promise<Attempt<Program>> {
  const { which, run, report, home } = probes;
  if ((await which('go')) === undefined) return { passed: 'no go command on PATH' };
  const module = `${GO_MODULE}@${VERSION}`;
  const offered = await run('go', ['list', '-m', module], { timeoutMs: ASK_LIMIT_MS, cwd: home });
  if (offered.code !== 0)
    return {
      passed: `${module} is not to be had: ${offered.timedOut ? 'no answer' : lastLine(offered.output)}`,
    };
  report(`building toxiproxy ${VERSION} with Go: some seconds, once`);
  const path = cachedToxiproxy(probes);
  return inPartialDirectory(dirname(path), 'partial', async (directory): Promise<Attempt<Program>> => {
    const built = await run('go', ['install', `${GO_MODULE}/cmd/server@${VERSION}`], {
      timeoutMs: BUILD_LIMIT_MS,
      cwd: home,
      env: { ...probes.env, GOBIN: directory },
    });
    if (built.code !== 0) return { passed: `go install: ${lastLine(built.output)}` };
    const file = join(directory, 'server');
    if (!(await isToxiproxy(probes, file))) return { passed: 'what was built is no toxiproxy' };
    await chmod(file, 0o755);
    await rename(file, path);
    return binary(path, 'built with Go');
  });
}

async function isToxiproxy({ isExecutable, run }: Probes, path: string): Promise<boolean> {
  if (!(await isExecutable(path))) return false;
  const { code, output } = await run(path, ['-version'], { timeoutMs: ASK_LIMIT_MS });
  return code === 0 && /toxiproxy/i.test(output);
}

function binary(path: string, how: string): Attempt<Program> {
  return { found: { kind: 'binary', path }, says: `${path} (${how})` };
}
