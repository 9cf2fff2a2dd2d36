import type { Logger } from '@loom/ports';
import type { Keys } from './keys';
import { listAt, numberAt, textAt, type Reply, type ScriptRunner } from './script-runner';

/** What one script changed in one migration, numbered within it. */
interface Change {
  migrationId: string;
  version: number;
  counts: string;
  entries: Reply[];
}

/** Runs scripts that change a migration, and carries on what spans migrations. */
export interface Mutator {
  /** Runs a script with stream length, `at`, its milliseconds and `args`; answers its outcome. */
  mutate: (name: string, migrationId: string, at: string, args: (string | number)[]) => Promise<Reply[]>;
}

export interface MutatorDeps {
  runner: ScriptRunner;
  keys: Keys;
  streamLength: number;
  logger?: Logger | undefined;
}

/** So many changes go out in one call. */
const BATCH = 100;

/**
 * Counts in the list of migrations and the stream of all are derived after each script: they have another hash tag.
 * Derivation is idempotent (an older version changes nothing) and best effort: what is lost here comes with the
 * migration's next change. One call is under way at a time and takes along all that came meanwhile.
 */
export function createMutator({ runner, keys, streamLength, logger }: MutatorDeps): Mutator {
  let waiting: Change[] = [];
  let next: Promise<void> | undefined;
  let current: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    const changes = waiting;
    waiting = [];
    next = undefined;
    for (let start = 0; start < changes.length; start += BATCH) {
      const args = changes.slice(start, start + BATCH).flatMap(encodeChange);
      try {
        await runner.onKeys('derive', [keys.allCounts, keys.allStream], [streamLength, ...args]);
      } catch (error) {
        logger?.warn('changes did not reach the stream of all migrations', { reason: String(error) });
      }
    }
  }

  function derive(change: Change): Promise<void> {
    waiting.push(change);
    next ??= current = current.then(flush);
    return next;
  }

  return {
    async mutate(name, migrationId, at, args) {
      const millis = Date.parse(at);
      const time = Number.isNaN(millis) ? 0 : millis;
      const reply = await runner.onMigration(name, migrationId, [streamLength, at, time, ...args]);
      if (reply.length > 1) {
        const [version, counts, entries] = [numberAt(reply, 1), textAt(reply, 2), listAt(reply, 3)];
        await derive({ migrationId, version, counts, entries });
      }
      return listAt(reply, 0);
    },
  };
}

function encodeChange({ migrationId, version, counts, entries }: Change): (string | number)[] {
  const lists = entries.map((entry) => (Array.isArray(entry) ? entry.map(String) : []));
  return [
    migrationId,
    version,
    counts,
    lists.length,
    ...lists.flatMap((fields) => [fields.length, ...fields]),
  ];
}
