import { rm, writeFile } from 'node:fs/promises';
import { type Attempt } from './chain';
import { lastLine } from './docker-link';
import { type Probes } from './probes';
import { type Program } from './program';
import { findRedisServer } from './redis-version';

const POLICY = '/usr/sbin/policy-rc.d';
const UPDATE_LIMIT_MS = 90_000;
const INSTALL_LIMIT_MS = 5 * 60_000;
const DISABLE_LIMIT_MS = 15_000;
/** One try, short timeouts: a network that refuses must not hold the start up. */
const NETWORK = [
  '-o',
  'Acquire::Retries=0',
  '-o',
  'Acquire::http::Timeout=10',
  '-o',
  'Acquire::https::Timeout=10',
];

/** Installs redis-server, for root on Debian and Ubuntu, without leaving the system's own service running. */
export async function fromApt(probes: Probes, policyFile = POLICY): Promise<Attempt<Program>> {
  const { platform, uid, which, run, report } = probes;
  if (platform !== 'linux' || (await which('apt-get')) === undefined || !(await isDebian(probes))) {
    return { passed: 'only on Debian and Ubuntu' };
  }
  if (uid !== 0) return { passed: 'needs root: sudo apt-get install redis-server' };
  report('installing redis-server with apt-get');
  // RUNLEVEL=1 is what sysv scripts look at, the policy file what systemd's helpers ask.
  const env = { ...probes.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const updated = await run('apt-get', ['update', '-qq', ...NETWORK], { timeoutMs: UPDATE_LIMIT_MS, env });
  if (updated.timedOut) return { passed: 'apt-get update got no answer in time' };
  const installed = await withoutServices(policyFile, () =>
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...NETWORK, 'redis-server'], {
      timeoutMs: INSTALL_LIMIT_MS,
      env,
      onTick: (seconds) => {
        report(`still installing redis-server (${seconds} s)`);
      },
    }),
  );
  if (installed.code !== 0) {
    const failed = updated.code === 0 ? installed : updated;
    return { passed: `apt-get failed: ${failed.timedOut ? 'no answer in time' : lastLine(failed.output)}` };
  }
  // Nor at the next boot. Without systemd this fails, and there is nothing to disable.
  await run('systemctl', ['disable', '--now', 'redis-server'], { timeoutMs: DISABLE_LIMIT_MS });
  const server = await findRedisServer(probes);
  return 'passed' in server
    ? server
    : {
        found: { kind: 'binary', path: server.path },
        says: `${server.path} (just installed, ${server.version})`,
      };
}

async function isDebian({ readText }: Probes): Promise<boolean> {
  const release = (await readText('/etc/os-release')) ?? '';
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(release);
}

/** A policy file that is there already is somebody's decision, and stays. */
async function withoutServices<T>(policyFile: string, install: () => Promise<T>): Promise<T> {
  const ours = await writeFile(policyFile, '#!/bin/sh\nexit 101\n', { mode: 0o755, flag: 'wx' }).then(
    () => true,
    () => false,
  );
  try {
    return await install();
  } finally {
    if (ours) await rm(policyFile, { force: true });
  }
}
