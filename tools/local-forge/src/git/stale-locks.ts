import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Git holds a lock on a ref for milliseconds; one of this age has lost its owner. */
const staleAfterMs = 5_000;
/** Timers drop fractions of a millisecond, and count by another clock than files do. */
const timerMs = 10;

const locksIn = async (directory: string): Promise<string[]> => {
  const names = await readdir(directory).catch(() => []);
  const refs = await readdir(join(directory, 'refs'), { recursive: true }).catch(() => []);
  const own = names.filter((name) => name.endsWith('.lock'));
  const below = refs.filter((name) => name.endsWith('.lock')).map((name) => join('refs', name));
  return [...own, ...below].map((name) => join(directory, name));
};

const ageOf = async (path: string): Promise<number | undefined> => {
  const found = await stat(path).catch(() => undefined);
  return found && Date.now() - found.mtimeMs;
};

/**
 * Removes the locks that git left in a bare repository when it was killed with its parent or lost its power:
 * no branch they name could ever move again. A young lock gets the time to be released by its owner.
 */
export const removeStaleLocks = async (directory: string): Promise<void> => {
  for (const path of await locksIn(directory)) {
    const age = await ageOf(path);
    if (age === undefined) continue;
    if (age < staleAfterMs) await wait(Math.min(staleAfterMs, staleAfterMs - age) + timerMs);
    if (((await ageOf(path)) ?? 0) >= staleAfterMs) await rm(path, { force: true });
  }
};
