// Runs `npm ci` when what is installed is not what the lockfile says. Node's own modules only.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lockInstall } from './install-lock.mjs';
import { npmCi } from './npm-ci.mjs';

const STAMP = '.loom-installed';

function files(root) {
  const modules = join(root, 'node_modules');
  return {
    lock: join(root, 'package-lock.json'),
    installed: join(modules, '.package-lock.json'),
    stamp: join(modules, STAMP),
  };
}

/** Changes when the lockfile does, or when npm has written node_modules again. */
function stampOf({ lock, installed }) {
  const hash = createHash('sha256');
  for (const path of [lock, installed]) hash.update(readFileSync(path)).update('\0');
  return hash.digest('hex');
}

/**
 * Whether node_modules holds what package-lock.json says. npm's own record of the tree is compared package by package,
 * once; later runs compare one hash. Packages for other platforms are optional, and may be missing.
 */
export function isInstalled(root) {
  const paths = files(root);
  if (!existsSync(paths.installed)) return false;
  const stamp = stampOf(paths);
  if (existsSync(paths.stamp) && readFileSync(paths.stamp, 'utf8') === stamp) return true;
  const wanted = JSON.parse(readFileSync(paths.lock, 'utf8')).packages;
  const present = JSON.parse(readFileSync(paths.installed, 'utf8')).packages;
  const same = Object.keys(wanted).every((path) => {
    const has = present[path];
    return (
      has === undefined || (has.version === wanted[path].version && has.integrity === wanted[path].integrity)
    );
  });
  if (!same || missingPackages(root).length > 0 || !Object.keys(present).every((path) => path in wanted))
    return false;
  writeFileSync(paths.stamp, stamp);
  return true;
}

/** What the lockfile names and npm did not install, although nothing makes it optional. */
function missingPackages(root) {
  const { lock, installed } = files(root);
  const wanted = JSON.parse(readFileSync(lock, 'utf8')).packages;
  const present = existsSync(installed) ? JSON.parse(readFileSync(installed, 'utf8')).packages : {};
  return Object.keys(wanted)
    .filter((path) => path !== '' && present[path] === undefined)
    .filter((path) => !wanted[path].optional && !wanted[path].devOptional)
    .map((path) => path.replace(/^node_modules\//, ''));
}

/**
 * @param signal stops it; nothing of npm runs any more when the promise resolves, and what it resolves to means nothing
 * @returns undefined, or what went wrong and how to mend it
 */
export async function installWhenNeeded(root, report, signal) {
  if (isInstalled(root)) return undefined;
  if (!existsSync(files(root).lock))
    return `there is no package-lock.json in ${root}: the checkout is not complete`;
  let lock;
  try {
    lock = await lockInstall(root, { report, signal });
  } catch (error) {
    return error.message;
  }
  if (lock === undefined) return undefined;
  try {
    // Whoever held the lock before may have done it.
    return isInstalled(root) ? undefined : await install(root, { report, signal, onStarted: lock.add });
  } finally {
    lock.release();
  }
}

async function install(root, options) {
  options.report('installing packages (npm ci); this takes a minute or two, once');
  const { code, lines } = await npmCi(root, options);
  if (options.signal.aborted) return undefined;
  if (code !== 0) {
    return [
      ...lines,
      'npm ci failed: see the lines above; it needs npm 10 or newer on PATH and a package registry that answers (npm ping)',
    ].join('\n');
  }
  const missing = missingPackages(root);
  if (missing.length > 0) {
    const [first, ...more] = missing;
    return `npm ci left out ${first}${more.length === 0 ? '' : ` and ${more.length} more`}: look for an omit setting (npm config get omit), remove node_modules, and run the command again`;
  }
  writeFileSync(files(root).stamp, stampOf(files(root)));
  options.report('packages are installed');
  return undefined;
}
