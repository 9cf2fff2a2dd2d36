import { randomUUID } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { GitRunner } from './git-runner';
import { createKeyedQueue } from './keyed-queue';

/** A bare clone that is in use; nobody removes its directory until it is released. */
export interface HeldClone {
  directory: string;
  /** Commits that are in it already. */
  fetched: Set<string>;
  release: () => void;
}

/** Bare, shallow clones on disk: at most `maxRepositories`, each renewed after `maxFetches` fetches. */
export interface RepositoryCache {
  /** An empty or earlier fetched clone, with `origin` set. */
  hold(repo: string): Promise<HeldClone>;
  /** Tasks of one repository that must not run side by side (fetches lock each other out). */
  exclusive<T>(repo: string, task: () => Promise<T>): Promise<T>;
}

export interface RepositoryCacheDeps {
  git: GitRunner;
  /** Everything in it belongs to the cache. */
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

/** Creates the cache; what an earlier process left in `directory` is not used again. */
export function createRepositoryCache(deps: RepositoryCacheDeps): RepositoryCache {
  const entries = new Map<string, Entry>();
  const queue = createKeyedQueue();
  const process = join(deps.directory, randomUUID());

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
    const directory = join(process, randomUUID());
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

  return {
    hold: async (repo) => {
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
      try {
        await entry.ready;
      } catch (error) {
        evict(repo, entry);
        release();
        throw error;
      }
      return { directory: entry.directory, fetched: entry.fetched, release };
    },
    exclusive: (repo, task) => queue.run(repo, task),
  };
}
