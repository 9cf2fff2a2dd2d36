import type { AuditEntry } from '@loom/domain';
import {
  auditScope,
  decodeAuditCursor,
  encodeCursor,
  type AuditFilter,
  type AuditQuery,
  type AuditStore,
} from '@loom/ports';
import { auditId, authorArg, decodeAudit, decodeReference } from './audit-codec';
import type { Mutator } from './deriver';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { millis } from './records';
import { listAt, textAt, type Reply, type ScriptRunner } from './script-runner';

export interface AuditStoreDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
  mutator: Mutator;
}

/** Entries that one call looks at, so that Redis is not blocked for long, and calls of one page. */
const STEPS = 1000;
const MOST_CALLS = 10;
/** Entries that one call reads by their positions. */
const SLICE = 250;

/** Looks from `at` on for `wanted` entries; `next` is where to go on, '' at the end. */
type Look = (at: string, wanted: number) => Promise<{ next: string; found: Reply[] }>;

/** The audit log: a stream in each migration, and one of references to all of them. */
export function createRedisAuditStore({ redis, runner, keys, mutator }: AuditStoreDeps): AuditStore {
  const lookIn = (key: string, filter: AuditFilter, [since, till]: [string, string]): Look => {
    const wants = filterArgs(filter);
    return async (at, wanted) => {
      const args = [at === '' ? till : at, since, wanted, STEPS, ...wants];
      return lookedAt(await runner.onKeys('list-audit', [key], args));
    };
  };

  const lookAlong = (migrationId: string, candidateId: string, filter: AuditFilter): Look => {
    const wants = filterArgs(filter);
    return async (at, wanted) =>
      lookedAt(
        await runner.onMigration('list-candidate-audit', migrationId, [
          candidateId,
          at,
          wanted,
          STEPS,
          ...wants,
        ]),
      );
  };

  /** The part of the list of all in which references to entries of a time may stand. */
  async function rangeOfAll({ since, until }: AuditFilter): Promise<[string, string]> {
    const [late, early] = await guarded(redis, () => redis.hmget(keys.auditMarks, '!late', '!early'));
    const from = since === undefined ? '-' : String(Math.max(millis(since) - Number(early ?? 0), 0));
    return [from, until === undefined ? '+' : String(Math.max(millis(until) + Number(late ?? 0), 0))];
  }

  /** The entries that references name, in their order; one call a migration and slice. */
  async function readReferenced(references: Reply[]): Promise<AuditEntry[]> {
    const named = references.map(decodeReference);
    const positions = new Map<string, string[]>();
    for (const reference of named) {
      if (reference === undefined) continue;
      const { migrationId, position } = reference;
      const known = positions.get(migrationId);
      if (known === undefined) positions.set(migrationId, [position]);
      else known.push(position);
    }
    const entries = new Map<string, AuditEntry>();
    const read = async (migrationId: string, slice: string[]) => {
      const reply = await runner.onKeys('read-audit', [keys.audit(migrationId)], slice);
      for (const found of reply) {
        if (!Array.isArray(found)) continue;
        const entry = decodeAudit(migrationId, found);
        entries.set(entry.id, entry);
      }
    };
    const calls = [...positions].flatMap(([id, all]) => slices(all).map((slice) => read(id, slice)));
    await Promise.all(calls);
    return named.flatMap((reference, index) =>
      reference === undefined
        ? [decodeAudit(undefined, references[index] ?? [])]
        : (entries.get(auditId(reference)) ?? []),
    );
  }

  return {
    async append({ action, migrationId, candidateId, runAttempt, before, after, ...by }) {
      const detail = {
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? {} : { after }),
      };
      const args = [candidateId, runAttempt, action];
      const outcome = await mutator.mutate('append-audit', migrationId, '', args, authorArg(by, detail));
      return outcome[0] === 'appended';
    },

    async list({ limit, cursor, ...filter }: AuditQuery) {
      const { migrationId, candidateId } = filter;
      const at = decodeAuditCursor(filter, cursor);
      if (migrationId !== undefined && candidateId !== undefined) {
        const page = await pageOf(lookAlong(migrationId, candidateId, filter), at, limit);
        return pageWith(
          filter,
          page,
          page.found.map((entry) => decodeAudit(migrationId, entry)),
        );
      }
      if (migrationId !== undefined) {
        const look = lookIn(keys.audit(migrationId), filter, rangeOf(filter));
        const page = await pageOf(look, at, limit);
        return pageWith(
          filter,
          page,
          page.found.map((entry) => decodeAudit(migrationId, entry)),
        );
      }
      const page = await pageOf(lookIn(keys.allAudit, filter, await rangeOfAll(filter)), at, limit);
      return pageWith(filter, page, await readReferenced(page.found));
    },
  };
}

function slices(positions: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let start = 0; start < positions.length; start += SLICE)
    parts.push(positions.slice(start, start + SLICE));
  return parts;
}

/** Looks until the page is full, nothing is left, or enough was looked at. */
async function pageOf(look: Look, from: string, limit: number): Promise<{ next: string; found: Reply[] }> {
  const found: Reply[] = [];
  let next = from;
  for (let calls = 0; calls < MOST_CALLS; calls += 1) {
    const looked = await look(next, limit - found.length);
    found.push(...looked.found);
    next = looked.next;
    if (next === '' || found.length === limit) break;
  }
  return { next, found };
}

function pageWith(filter: AuditFilter, { next }: { next: string }, rows: AuditEntry[]) {
  return next === '' ? { rows } : { rows, nextCursor: encodeCursor(auditScope(filter), [next]) };
}

function lookedAt(reply: Reply[]): { next: string; found: Reply[] } {
  return { next: textAt(reply, 0), found: listAt(reply, 1) };
}

/** Ends of a migration's own stream, whose ids are the times of its entries. */
function rangeOf({ since, until }: AuditFilter): [string, string] {
  const time = (text: string | undefined, none: string) =>
    text === undefined ? none : String(Math.max(millis(text), 0));
  return [time(since, '-'), time(until, '+')];
}

function filterArgs({ actor, action, since, until }: AuditFilter): (string | number)[] {
  const time = (text: string | undefined) => (text === undefined ? '' : millis(text));
  return [actor ?? '', action ?? '', time(since), time(until)];
}
