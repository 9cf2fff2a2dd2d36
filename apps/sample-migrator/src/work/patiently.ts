import { ForgeError, GitError } from '../ports';

/** Tries of one action while git or the forge is away for the moment. */
const ATTEMPTS = 3;
const BASE_WAIT_MS = 1_000;

/** Does it, and again after ever longer waits while git or the forge is away for the moment. Throws the last error. */
export async function patiently<T>(
  wait: (ms: number) => Promise<void>,
  action: () => Promise<T>,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await action();
    } catch (error) {
      const transient = (error instanceof GitError || error instanceof ForgeError) && error.transient;
      if (!transient || tries >= ATTEMPTS) throw error;
      await wait(BASE_WAIT_MS * 2 ** (tries - 1));
    }
  }
}
