import { DependencyUnavailableError, InvalidRequestError } from '@loom/domain';
import type { ChangeEvent, StreamEntry, StreamScope } from '@loom/ports';
import type { ServiceDeps } from './deps';
import { migrationOf } from './lookup';

/** What a watcher is told: a change, or that it missed some and must read anew. */
export type WatchItem =
  { position: string; event: ChangeEvent } | { position: string; reset: 'events_missed' };

/**
 * A reader of changes. `next` waits for the next ones; an empty list means that none came for a while. It reads only
 * when asked, so a slow watcher costs no memory: what it misses meanwhile becomes a reset. After an outage of the store,
 * which it throws, it may be asked again.
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
export function createWatch(deps: WatchDeps) {
  /**
   * Reads once before it answers, so that an unknown migration, a malformed `from` or an absent store is told at once.
   * A reader that resumes is let in while the store is away: `next` tells it, and may be asked again.
   * @throws MigrationNotFoundError, InvalidRequestError
   */
  return async (scope: StreamScope, after: string | undefined, options: WatchOptions): Promise<Watch> => {
    const read = createRead(deps, scope, after, options);
    let first: WatchItem[] | undefined;
    let isOpen = false;
    const open = async (): Promise<void> => {
      if (scope !== 'all') await migrationOf(deps, scope.migrationId);
      first = await read(0, new AbortController().signal);
      isOpen = true;
    };
    await open().catch((error: unknown) => {
      if (!options.resumed || !(error instanceof DependencyUnavailableError)) throw error;
    });
    return {
      async next(signal) {
        if (!isOpen) await open();
        const ready = first ?? [];
        first = undefined;
        return ready.length > 0 ? ready : read(options.waitMs, signal);
      },
    };
  };
}

type WatchDeps = Pick<ServiceDeps, 'events' | 'migrations'>;

/** Reads on from where the last read ended, if it did; one that failed may be repeated. */
function createRead(deps: WatchDeps, scope: StreamScope, after: string | undefined, options: WatchOptions) {
  let position = after;
  const anew = async (): Promise<WatchItem[]> => {
    position = await deps.events.position(scope);
    return [{ position, reset: 'events_missed' }];
  };
  return async (waitMs: number, signal: AbortSignal): Promise<WatchItem[]> => {
    position ??= await deps.events.position(scope);
    try {
      const batch = await deps.events.read(scope, position, { limit: BATCH, waitMs, signal });
      // Whoever missed changes lists anew, which tells all that happened up to now.
      if (batch.gap) return await anew();
      position = batch.position;
      return newestCounts(batch.entries);
    } catch (error) {
      if (options.resumed && error instanceof InvalidRequestError) return await anew();
      throw namedFrom(error);
    }
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
