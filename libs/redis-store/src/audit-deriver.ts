import type { Logger } from '@loom/ports';
import { referenceArgs } from './audit-codec';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import type { ScriptRunner } from './script-runner';

/** Carries references to the audit entries of each migration on into the list of all. */
export interface AuditDeriver {
  /** This migration has a new entry; it is carried on in the background. */
  note: (migrationId: string) => void;
  /** Carries on what any of these migrations still has; rejects where that cannot be done. */
  catchUp: (migrationIds: readonly string[]) => Promise<void>;
  /** Resolves when all that was noted is carried on, or could not be. Never rejects. */
  flush: () => Promise<void>;
}

export interface AuditDeriverDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
  logger?: Logger | undefined;
}

/** Migrations of one call, and entries of all of them: more would block Redis for long. */
const MIGRATIONS = 20;
const ENTRIES = 250;

/**
 * Each migration's stream is read from where the list of all has got to, and references go on only from there. So it
 * does not matter who carries them on, or how often it failed before: none is left out, none comes twice, and those of
 * one migration stay in order.
 */
export function createAuditDeriver({ redis, runner, keys, logger }: AuditDeriverDeps): AuditDeriver {
  const due = new Set<string>();
  let running: Promise<void> | undefined;

  /** What follows the mark. One migration that cannot be read keeps no other from being carried on. */
  async function portionOf(id: string, mark: string, most: number) {
    const after = mark === '' ? '-' : `(${mark}`;
    const read = () => redis.xrange(keys.audit(id), after, '+', 'COUNT', most);
    const entries = await guarded(redis, read).catch((error: unknown) => {
      logger?.error('audit entries of a migration cannot be read', { migrationId: id, error });
      return [];
    });
    return { id, mark, entries };
  }

  /** Carries one portion of each on; answers of those that may have more. */
  async function carry(ids: readonly string[]): Promise<string[]> {
    const most = Math.floor(ENTRIES / ids.length);
    const marks = await guarded(redis, () => redis.hmget(keys.auditMarks, ...ids));
    const portions = await Promise.all(ids.map((id, index) => portionOf(id, marks[index] ?? '', most)));
    const args = portions.flatMap(({ id, mark, entries }) =>
      entries.length === 0 ? [] : [id, mark, entries.length, ...entries.flatMap(referenceArgs)],
    );
    if (args.length === 0) return [];
    const behind = await runner.onKeys('derive-audit', [keys.allAudit, keys.auditMarks], args);
    const full = portions.filter(({ entries }) => entries.length === most).map(({ id }) => id);
    return [...new Set([...behind.map(String), ...full])];
  }

  async function drain(): Promise<void> {
    while (due.size > 0) {
      const ids = [...due].slice(0, MIGRATIONS);
      for (const id of ids) due.delete(id);
      try {
        for (const id of await carry(ids)) due.add(id);
      } catch (error) {
        logger?.warn(
          'audit entries did not reach the list of all; the next change or the reconciliation brings them',
          {
            reason: String(error),
          },
        );
      }
    }
    running = undefined;
  }

  return {
    note(migrationId) {
      due.add(migrationId);
      running ??= drain();
    },

    async catchUp(migrationIds) {
      let left = [...migrationIds];
      while (left.length > 0) left = [...(await carry(left.slice(0, MIGRATIONS))), ...left.slice(MIGRATIONS)];
    },

    flush: () => running ?? Promise.resolve(),
  };
}
