import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { createKeyedMutex } from './concurrency';
import { errorProperty } from './errors';

const syncDirectory = async (path: string): Promise<void> => {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
};

/** Replaces a file so that a crash leaves either the old or the new content, never a part. */
export const writeFileAtomic = async (path: string, content: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
};

/** A JSON document on disk, kept in memory, owned by this process. */
export type JsonFile<T> = {
  /** The current value; callers do not change it. */
  read(): Promise<T>;
  /** Changes a copy and makes it current only once it is on disk. Updates run one at a time. */
  update<R>(change: (draft: T) => R): Promise<R>;
};

/** Opens `path`; where no file is yet, `initial` is its value. */
export const createJsonFile = <T>(deps: {
  path: string;
  schema: z.ZodType<T>;
  initial: () => T;
}): JsonFile<T> => {
  const mutex = createKeyedMutex();
  let current: T | undefined;

  const load = async (): Promise<T> => {
    let text: string;
    try {
      text = await readFile(deps.path, 'utf8');
    } catch (error) {
      if (errorProperty(error, 'code') === 'ENOENT') return deps.initial();
      throw error;
    }
    try {
      return deps.schema.parse(JSON.parse(text));
    } catch (cause) {
      throw new Error(`${deps.path} is not a file of this forge: mend it or move it away`, { cause });
    }
  };
  const value = async (): Promise<T> => (current ??= await load());

  return {
    // Waiting behind a first load or a write keeps two loads from making two values.
    read: async () => current ?? (await mutex.run('', value)),
    update: (change) =>
      mutex.run('', async () => {
        const draft = structuredClone(await value());
        const result = change(draft);
        await writeFileAtomic(deps.path, JSON.stringify(draft));
        current = draft;
        return result;
      }),
  };
};
