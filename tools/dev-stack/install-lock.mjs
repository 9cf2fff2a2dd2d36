// One install at a time in one checkout. Node's own modules only.
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** An install takes minutes on a slow network; whoever waits longer has met something that hangs. */
const WAIT_LIMIT_MS = 15 * 60_000;
const LOOK_EVERY_MS = 200;

/** Not in node_modules, which `npm ci` removes. */
const fileOf = (root) => join(root, '.loom', 'install.lock');

/**
 * Waits until no other process installs in `root`, then holds its lock. A lock whose process is dead is removed, once
 * the npm it had started is gone too.
 * @param options.signal ends the wait
 * @returns the lock, or `undefined` where the signal came first
 * @throws Error one line, when the other one takes too long
 */
export async function lockInstall(root, { report, signal, waitLimitMs = WAIT_LIMIT_MS }) {
  const file = fileOf(root);
  mkdirSync(dirname(file), { recursive: true });
  const deadline = Date.now() + waitLimitMs;
  let told;
  while (!signal.aborted) {
    if (create(file)) return held(file);
    const text = read(file);
    const holder = text === undefined ? undefined : holderOf(text);
    if (text !== undefined && holder === undefined) removeStale(file, text);
    if (holder !== undefined && holder !== told) {
      report(`waiting for process ${holder}, which installs packages here`);
      told = holder;
    }
    if (Date.now() >= deadline)
      throw new Error(
        `process ${told} still holds ${file}: stop it, or remove that file, then run the command again`,
      );
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return undefined;
}

function held(file) {
  let mine = `${process.pid} ${birthOf(process.pid)}\n`;
  return {
    /** Names another process, without whose end the lock is not stale. */
    add(pid) {
      mine += `${pid} ${birthOf(pid)}\n`;
      const draft = `${file}.${process.pid}.new`;
      writeFileSync(draft, mine);
      renameSync(draft, file);
    },
    release() {
      if (read(file) === mine) rmSync(file, { force: true });
    },
  };
}

/** Never half written: an empty lock would be taken for a stale one. */
function create(file) {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, `${process.pid} ${birthOf(process.pid)}\n`);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** The first process of a lock that still runs. */
function holderOf(text) {
  for (const line of text.split('\n').filter((row) => row !== '')) {
    const [pid, birth = ''] = line.split(' ');
    if (isAlive(Number(pid)) && birthOf(Number(pid)) === birth) return Number(pid);
  }
  return undefined;
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0) && statOf(pid)[0] !== 'Z';
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Tells a process from a later one with the same number; empty where /proc does not tell. */
function birthOf(pid) {
  const started = statOf(pid)[19];
  return started === undefined ? '' : `${started}@${read('/proc/sys/kernel/random/boot_id').trim()}`;
}

/** The fields behind the name, which may hold anything: the first is the state, the twentieth the start. */
function statOf(pid) {
  const stat = read(`/proc/${pid}/stat`) || '';
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

/** By renaming, so that a lock which somebody made since is noticed, and put back. */
function removeStale(file, found) {
  const aside = `${file}.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch {
    return; // somebody else has removed it
  }
  if (read(aside) === found) rmSync(aside, { force: true });
  else renameSync(aside, file);
}
