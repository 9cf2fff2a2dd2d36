import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProgressDisplay } from './progress-line';
import { repeatedly } from './patient';

export interface FillingOptions {
  /** Where the forge keeps the bare repositories of one owner. */
  directory: string;
  total: number;
  progress: Pick<ProgressDisplay, 'show' | 'done'>;
}

const LOOK_EVERY_MS = 250;

/** Shows how many of `total` repositories the forge holds with something in them, until `work` has filled them all. */
export async function showFilling(
  work: Promise<unknown>,
  { directory, total, progress }: FillingOptions,
): Promise<void> {
  const over = new AbortController();
  const look = async (): Promise<void> => {
    const filled = await countFilled(directory);
    if (!over.signal.aborted) progress.show(`${Math.min(filled, total)} of ${total} repositories`);
  };
  const looking = repeatedly(look, LOOK_EVERY_MS, over.signal);
  try {
    await work;
  } finally {
    over.abort();
    await looking;
  }
  progress.done(`${total} of ${total} repositories`);
}

async function countFilled(directory: string): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  // A branch is a file of its own until git packs it with others.
  const isFilled = (name: string) =>
    ['refs/heads/main', 'packed-refs'].some((file) => existsSync(join(directory, name, file)));
  return names.filter(isFilled).length;
}
