import type { Logger } from '@loom/ports';
import type { AuditDeriver } from './audit-deriver';
import type { Keys } from './keys';
import { listAt, numberAt, textAt, type Reply, type ScriptRunner } from './script-runner';

/** Runs scripts that change a migration, and carries on what spans migrations. */
export interface Mutator {
  /**
   * Runs a script with stream length, `at`, its milliseconds, `args` and, if audited, its author; answers its outcome.
   * `lease`: is removed with the counts that this change leads to.
   */
  mutate: (
    name: string,
    migrationId: string,
    at: string,
    args: (string | number)[],
    author?: string,
    lease?: string,
  ) => Promise<Reply[]>;
  /** Resolves when what spans migrations has been told of every change so far, or could not be. Never rejects. */
  flush: () => Promise<void>;
}

export interface MutatorDeps {
  runner: ScriptRunner;
  keys: Keys;
  streamLength: number;
  audit: Pick<AuditDeriver, 'note' | 'flush'>;
  logger?: Logger | undefined;
}

/** A migration's counts, numbered within it. */
interface Summary {
  version: number;
  counts: string;
}

interface Entry {
  migrationId: string;
  fields: string[];
}

/** So many entries go out in one call; more would block Redis for long. */
const BATCH = 500;
/** Entries that wait in one process; beyond them the oldest are dropped, which the stream would soon have cut as well. */
const MOST_WAITING = 10_000;

/**
 * Counts in the list of migrations and the stream of all are derived after each script: they have another hash tag.
 * Derivation is idempotent (an older version changes nothing) and best effort, so no write waits for it: counts that
 * are lost here come with the migration's next change, with a repeat of this one, or with the reconciliation. One call
 * is under way at a time and takes along all that came meanwhile, of counts only the newest.
 */
export function createMutator({ runner, keys, streamLength, audit, logger }: MutatorDeps): Mutator {
  let summaries = new Map<string, Summary>();
  let entries: Entry[] = [];
  let leases: string[] = [];
  let dropped = 0;
  let running: Promise<void> | undefined;

  async function send(counts: Map<string, Summary>, counted: string[], batch: Entry[]): Promise<void> {
    const summed = [counts.size, ...[...counts].flatMap(encodeSummary), counted.length, ...counted];
    const args = [...summed, ...batch.flatMap(encodeEntry)];
    try {
      await runner.onKeys('derive', deriveKeys(keys), [streamLength, ...args]);
    } catch (error) {
      logger?.warn('changes did not reach the stream of all migrations', { reason: String(error) });
    }
  }

  async function drain(): Promise<void> {
    while (summaries.size > 0 || entries.length > 0) {
      if (dropped > 0) logger?.warn('changes came too fast for the stream of all migrations', { dropped });
      const counts = summaries;
      const counted = leases;
      const batch = entries.slice(0, BATCH);
      entries = entries.slice(BATCH);
      summaries = new Map();
      leases = [];
      dropped = 0;
      await send(counts, counted, batch);
    }
    running = undefined;
  }

  function derive(migrationId: string, summary: Summary, told: Reply[]): void {
    const known = summaries.get(migrationId);
    if (known === undefined || known.version < summary.version) summaries.set(migrationId, summary);
    for (const entry of told)
      entries.push({ migrationId, fields: Array.isArray(entry) ? entry.map(String) : [] });
    if (entries.length > MOST_WAITING) dropped += entries.splice(0, entries.length - MOST_WAITING).length;
    running ??= drain();
  }

  return {
    async mutate(name, migrationId, at, args, author, lease) {
      const millis = Date.parse(at);
      const time = Number.isNaN(millis) ? 0 : millis;
      const reply = await runner.onMigration(name, migrationId, [
        streamLength,
        at,
        time,
        ...args,
        ...(author === undefined ? [] : [author]),
      ]);
      if (reply.length > 1) {
        if (lease !== undefined) leases.push(lease);
        derive(migrationId, { version: numberAt(reply, 1), counts: textAt(reply, 2) }, listAt(reply, 3));
      }
      if (numberAt(reply, 4) === 1) audit.note(migrationId);
      return listAt(reply, 0);
    },
    async flush() {
      await running;
      await audit.flush();
    },
  };
}

/** KEYS of lua/derive.lua. */
export function deriveKeys({ derived, allStream, leases }: Keys): string[] {
  return [...derived, allStream, leases];
}

function encodeSummary([migrationId, { version, counts }]: [string, Summary]): (string | number)[] {
  return [migrationId, version, counts];
}

function encodeEntry({ migrationId, fields }: Entry): (string | number)[] {
  return [migrationId, fields.length, ...fields];
}
