import { randomUUID } from 'node:crypto';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitRunner } from './git-runner';
import { createKeyedQueue } from './keyed-queue';

/** A bare clone that is in use; nobody removes its directory until it is released. */
export interface HeldClone {
  directory: string;
  /** Commits that are in it already. */
  fetched: Set<string>;
  /** It is broken: nobody gets it any more. */
  discard: () => void;
  release: () => void;
}

/** Bare, shallow clones on disk: at most `maxRepositories`, each renewed after `maxFetches` fetches. */
export interface RepositoryCache {
  /** An empty or earlier fetched clone, with `origin` set; a new one where the earlier one has gone from the disk. */
  hold(repo: string): Promise<HeldClone>;
  /** Tasks of one repository that must not run side by side (fetches lock each other out). */
  exclusive<T>(repo: string, task: () => Promise<T>): Promise<T>;
}

export interface RepositoryCacheDeps {
  git: GitRunner;
  /** Everything in it belongs to the cache, which makes it again where it has gone. */
  directory: string;
  /** Clone address of `owner/name`. */
  remoteUrl: (repo: string) => string;
  maxRepositories: number;
  /** Each fetch leaves objects behind that nothing collects. */
  maxFetches: number;
}

interface Entry {
  directory: string;
  fetched: Set<string>;
  ready: Promise<void>;
  uses: number;
  holders: number;
  evicted: boolean;
}

/** Creates the cache; what is in `directory` already is not used. */
export function createRepositoryCache(deps: RepositoryCacheDeps): RepositoryCache {
  const entries = new Map<string, Entry>();
  const queue = createKeyedQueue();

  const evict = (repo: string, entry: Entry): void => {
    if (entries.get(repo) === entry) entries.delete(repo);
    entry.evicted = true;
    // Best effort: a directory that stays costs disk, not correctness.
    if (entry.holders === 0) rm(entry.directory, { recursive: true, force: true }).catch(() => undefined);
  };
  const makeRoom = (): void => {
    for (const [repo, entry] of entries) {
      if (entries.size < deps.maxRepositories) return;
      if (entry.holders === 0) evict(repo, entry);
    }
  };
  const create = async (repo: string, directory: string): Promise<void> => {
    await mkdir(directory, { recursive: true });
    await deps.git.run(directory, ['init', '--quiet', '--bare']);
    await deps.git.run(directory, ['remote', 'add', '--', 'origin', deps.remoteUrl(repo)]);
  };
  const entryOf = (repo: string): Entry => {
    const known = entries.get(repo);
    if (known && known.uses < deps.maxFetches) {
      // Map order is the order of use, the least recent first.
      entries.delete(repo);
      entries.set(repo, known);
      return known;
    }
    if (known) evict(repo, known);
    makeRoom();
    const directory = join(deps.directory, randomUUID());
    const entry = {
      directory,
      ready: create(repo, directory),
      fetched: new Set<string>(),
      uses: 0,
      holders: 0,
      evicted: false,
    };
    entries.set(repo, entry);
    return entry;
  };

  const holdEntry = async (repo: string): Promise<HeldClone> => {
    const entry = entryOf(repo);
    entry.uses += 1;
    entry.holders += 1;
    let released = false;
    const release = (): void => {
      if (released) return;
      released = true;
      entry.holders -= 1;
      if (entry.evicted && entry.holders === 0) evict(repo, entry);
    };
    const discard = (): void => evict(repo, entry);
    try {
      await entry.ready;
    } catch (error) {
      discard();
      release();
      throw error;
    }
    return { directory: entry.directory, fetched: entry.fetched, discard, release };
  };

  return {
    hold: async (repo) => {
      const clone = await holdEntry(repo);
      if (await isThere(clone.directory)) return clone;
      // Whoever cleans temporary directories up knows nothing of us.
      clone.discard();
      clone.release();
      return holdEntry(repo);
    },
    exclusive: (repo, task) => queue.run(repo, task),
  };
}

function isThere(clone: string): Promise<boolean> {
  return access(join(clone, 'HEAD')).then(
    () => true,
    () => false,
  );
}
