import { readFileSync, rmSync } from 'node:fs';
import { link, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DevStackError, isAlive, processBirth } from '@loom/dev-stack';

/** Says that a directory is ours to clear. */
const MARKER = '.loom-state';
const LOCK = 'loom.pid';
const SECRETS = 'secrets.json';
/** Two that find the same lock stale meet at most once each; more means that somebody else keeps making it. */
const LOCK_TRIES = 5;

export interface ClaimOptions {
  /** Clears the directory. */
  fresh: boolean;
  /** Asked while the directory is ours and before anything is removed; what it throws leaves all as it was. */
  beforeClearing?: () => Promise<void>;
}

/**
 * Takes `directory` for this process until it ends, and clears it when asked. Only a directory that is absent, empty
 * or marked as ours is taken: whatever else it holds is somebody's.
 * @throws DevStackError one line: it holds foreign files, or another Loom uses it
 */
export async function claimDirectory(
  directory: string,
  { fresh, beforeClearing }: ClaimOptions,
): Promise<void> {
  await requireOurs(directory);
  await mkdir(directory, { recursive: true });
  const release = await lock(directory);
  try {
    await beforeClearing?.();
    await writeFile(join(directory, MARKER), 'Loom may remove everything in this directory.\n');
    if (!fresh) return;
    for (const name of await readdir(directory)) {
      if (name !== MARKER && name !== LOCK) await rm(join(directory, name), { recursive: true, force: true });
    }
  } catch (error) {
    release();
    throw error;
  }
}

async function requireOurs(directory: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    throw new DevStackError(`${directory} cannot be used (${code ?? String(error)}): choose another --dir`);
  }
  if (names.every((name) => name.startsWith(LOCK)) || names.includes(MARKER)) return;
  if (names.includes(SECRETS) && (await holdsSecrets(join(directory, SECRETS)))) return;
  throw new DevStackError(
    `${directory} holds files that are not Loom's, so it is left alone: choose an empty or new directory with --dir`,
  );
}

/** Other programs have a file of this name too. */
async function holdsSecrets(file: string): Promise<boolean> {
  try {
    const read: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof read === 'object' && read !== null && 'callbackKeys' in read && 'forgeToken' in read;
  } catch {
    return false;
  }
}

async function lock(directory: string): Promise<() => void> {
  const file = join(directory, LOCK);
  const mine = `${process.pid} ${processBirth(process.pid)}\n`;
  for (let tries = 0; tries < LOCK_TRIES; tries += 1) {
    try {
      await createWhole(file, mine);
      const release = () => {
        if (readLock(file) === mine) rmSync(file, { force: true });
      };
      process.once('exit', release);
      return release;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const found = readLock(file);
    const holder = found === undefined ? undefined : holderOf(found);
    if (holder !== undefined) throw new DevStackError(inUse(directory, `process ${holder}`));
    if (found !== undefined) await removeStale(file, found);
  }
  throw new DevStackError(inUse(directory, 'it was taken meanwhile'));
}

/** Never half written: an empty lock would be taken for a stale one. */
async function createWhole(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}.new`;
  await writeFile(draft, text);
  try {
    await link(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

function inUse(directory: string, who: string): string {
  return `another Loom uses ${directory} (${who}): stop it, or choose another directory with --dir`;
}

function readLock(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A number alone would be taken for its owner by whoever got it after a restart. */
function holderOf(text: string): number | undefined {
  const [, pid = '', born = ''] = /^(\d+) (.*)\n$/.exec(text) ?? [];
  return pid !== '' && isAlive(Number(pid)) && processBirth(Number(pid)) === born ? Number(pid) : undefined;
}

/** By renaming, so that a lock which somebody made since is noticed, and put back. */
async function removeStale(file: string, found: string): Promise<void> {
  const aside = `${file}.${process.pid}`;
  try {
    await rename(file, aside);
  } catch {
    return; // somebody else has removed it
  }
  if (readLock(aside) === found) await rm(aside, { force: true });
  else await rename(aside, file);
}
