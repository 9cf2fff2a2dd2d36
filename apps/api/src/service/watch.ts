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
  /**
   * `after` is the last id that a reader got of a stream before. One that is of no stream is a reset then, as one that
   * is no longer held: the browser's EventSource repeats it by itself, and never comes back after a refusal.
   */
  resumed: boolean;
}

/** Changes told in one answer of `next`. */
const BATCH = 200;

/** Opens readers of the store's own stream of changes. */
export function createWatch(deps: Pick<ServiceDeps, 'events' | 'migrations'>) {
  /**
   * Reads once before it answers, so that an unknown migration, a malformed `from` or an absent store is told at once.
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
    const anew = async (error: unknown): Promise<WatchItem[]> => {
      if (!options.resumed || !(error instanceof InvalidRequestError)) throw namedFrom(error);
      position = await deps.events.position(scope);
      return [{ position, reset: 'events_missed' }];
    };
    let first: WatchItem[] | undefined = await read(0, new AbortController().signal).catch(anew);
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
function namedFrom(error: unknown): unknown {
  if (!(error instanceof InvalidRequestError)) return error;
  const problems = error.problems.map(({ message }) => ({ pointer: 'from', message }));
  return new InvalidRequestError(error.message, problems);
}

/** Of each migration's counts in one batch only the newest says anything. */
function newestCounts(entries: readonly StreamEntry[]): StreamEntry[] {
  const newest = new Map<string, StreamEntry>();
  for (const entry of entries) if (entry.event.type === 'counts') newest.set(entry.event.migrationId, entry);
  return entries.filter((entry) => {
    return entry.event.type !== 'counts' || newest.get(entry.event.migrationId) === entry;
  });
}
