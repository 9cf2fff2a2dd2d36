import { InvalidRequestError } from '@loom/domain';
import type { ChangeEvent, StreamEntry, StreamScope } from '@loom/ports';
import type { ServiceDeps } from './deps';
import { migrationOf } from './lookup';

/** What a watcher is told: a change, or that it missed some and must read anew. */
export type WatchItem =
  { position: string; event: ChangeEvent } | { position: string; reset: 'events_missed' };

/**
 * A reader of changes. `next` waits for the next ones; an empty list means that none came for a while. It reads only
 * when asked, so a slow watcher costs no memory: what it misses meanwhile becomes a reset.
 */
export interface Watch {
  next(signal: AbortSignal): Promise<WatchItem[]>;
}

export interface WatchOptions {
  /** How long `next` waits for a change. */
  waitMs: number;
}

/** Changes told in one answer of `next`. */
const BATCH = 200;

/** Opens readers of the store's own stream of changes. */
export function createWatch(deps: Pick<ServiceDeps, 'events' | 'migrations'>) {
  /**
   * Reads once before it answers, so that an unknown migration, a malformed `after` or an absent store is told at once.
   * @throws MigrationNotFoundError, InvalidRequestError
   */
  return async (scope: StreamScope, after: string | undefined, options: WatchOptions): Promise<Watch> => {
    if (scope !== 'all') await migrationOf(deps, scope.migrationId);
    let position = after ?? (await deps.events.position(scope));
    const read = async (waitMs: number, signal: AbortSignal): Promise<WatchItem[]> => {
      const batch = await deps.events.read(scope, position, { limit: BATCH, waitMs, signal });
      // Whoever missed changes lists anew, which tells all that happened up to now.
      position = batch.gap ? await deps.events.position(scope) : batch.position;
      return batch.gap ? [{ position, reset: 'events_missed' }] : newestCounts(batch.entries);
    };
    let first: WatchItem[] | undefined = await read(0, new AbortController().signal).catch(namedFrom);
    return {
      next(signal) {
        const ready = first;
        first = undefined;
        return ready === undefined || ready.length === 0
          ? read(options.waitMs, signal)
          : Promise.resolve(ready);
      },
    };
  };
}

/** A caller knows the position that it gave as `from`. */
function namedFrom(error: unknown): never {
  if (!(error instanceof InvalidRequestError)) throw error;
  const problems = error.problems.map(({ message }) => ({ pointer: 'from', message }));
  throw new InvalidRequestError(error.message, problems);
}

/** Of each migration's counts in one batch only the newest says anything. */
function newestCounts(entries: readonly StreamEntry[]): StreamEntry[] {
  const newest = new Map<string, StreamEntry>();
  for (const entry of entries) if (entry.event.type === 'counts') newest.set(entry.event.migrationId, entry);
  return entries.filter((entry) => {
    return entry.event.type !== 'counts' || newest.get(entry.event.migrationId) === entry;
  });
}
