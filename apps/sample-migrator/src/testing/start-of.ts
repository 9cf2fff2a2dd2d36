import type { ChildProcess } from 'node:child_process';

const START_MS = 20_000;

/** What `found` is given once a process that was just started tells it; kills the process when it tells nothing. */
export async function startOf<T>(
  child: ChildProcess,
  listen: (found: (what: T) => void) => void,
  output: () => string,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      const failed = (what: string) => () => reject(new Error(`${what}: ${output()}`));
      timer = setTimeout(failed('the process does not listen'), START_MS);
      child.once('exit', failed('the process ended'));
      child.once('error', reject);
      listen(resolve);
    });
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
