// Runs `npm ci` when what is installed is not what the lockfile says. Node's own modules only.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STAMP = '.loom-installed';
const HEARTBEAT_MS = 5000;
const LAST_LINES = 30;

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

/** @returns undefined, or what went wrong and how to mend it */
export async function installWhenNeeded(root, report) {
  if (isInstalled(root)) return undefined;
  if (!existsSync(files(root).lock))
    return `there is no package-lock.json in ${root}: the checkout is not complete`;
  report('installing packages (npm ci); this takes a minute or two, once');
  const { code, lines } = await npmCi(root, report);
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
  report('packages are installed');
  return undefined;
}

function npmCi(root, report) {
  // Under `npm start` this very npm is named by npm itself; otherwise the one on PATH.
  const npm = process.env.npm_execpath;
  const [command, first] = npm && npm.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  // NODE_ENV=production and omit=dev leave out tsx, by which everything here runs.
  const args = [...first, 'ci', '--include=dev', '--no-audit', '--no-fund', '--no-progress'];
  const started = Date.now();
  const lines = [];
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const keep = (chunk) => {
      lines.push(
        ...String(chunk)
          .split('\n')
          .filter((line) => line.trim() !== ''),
      );
      lines.splice(0, Math.max(0, lines.length - LAST_LINES));
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    const beat = setInterval(
      () => report(`  … still installing (${Math.round((Date.now() - started) / 1000)} s)`),
      HEARTBEAT_MS,
    );
    const ended = (code) => {
      clearInterval(beat);
      resolve({ code, lines });
    };
    child.once('error', (error) => {
      lines.push(error.message);
      ended(127);
    });
    child.once('close', ended);
  });
}
