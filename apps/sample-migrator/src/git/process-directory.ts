import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** A directory that only this process works in. */
export interface ProcessDirectory {
  path: string;
  remove: () => Promise<void>;
}

/** Its owner's host and process id are in the name: it is a lock that exists as soon as the directory does. */
const NAME = /^(.+)-(\d+)-[0-9a-f]{8}$/;

/**
 * Makes a directory of our own below `parent`, and removes those of processes that ended without doing so themselves:
 * what they left may be half written. Those of living processes, and of other hosts, are not ours to judge.
 */
export async function createProcessDirectory(parent: string): Promise<ProcessDirectory> {
  await mkdir(parent, { recursive: true });
  for (const name of await readdir(parent)) {
    // Best effort: a directory that stays costs disk, not correctness.
    if (isLeftBehind(name))
      await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
  const path = join(parent, `${hostname()}-${String(process.pid)}-${randomUUID().slice(0, 8)}`);
  await mkdir(path);
  // A git that the stop did not wait for may still write, for as long as it is let run: more tries meet one that is
  // about to end, and what a longer one leaves is removed by the next process.
  const retries = { maxRetries: 10, retryDelay: 50 };
  return { path, remove: () => rm(path, { recursive: true, force: true, ...retries }) };
}

function isLeftBehind(name: string): boolean {
  const [, host, pid] = NAME.exec(name) ?? [];
  if (host !== hostname()) return false;
  // In a container every process has the same id: what bears ours before we began is of one before us.
  return Number(pid) === process.pid || !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
