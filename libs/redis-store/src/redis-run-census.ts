import type { ReconcileNotes, RestoredRun, RunCensus, RunHead } from '@loom/ports';
import { authorArg } from './audit-codec';
import type { Mutator } from './deriver';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { decodeHead } from './records';
import { projectionArgs } from './redis-run-ledger';
import { deadlinesOf } from './redis-run-store';
import { numberAt, optionalText, textAt, type ScriptRunner } from './script-runner';

export interface RunCensusDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  mutator: Mutator;
  keys: Keys;
}

type Address = Pick<RunHead, 'migrationId' | 'candidateId'>;

/** Heads that one script reads. */
const SLICE = 250;
/** Migrations that one page looks into. */
const MIGRATIONS = 200;

/** What the reconciliation compares with Temporal: heads of runs, by each migration's own indexes. */
export function createRedisRunCensus(deps: RunCensusDeps): RunCensus {
  const { redis, mutator, keys } = deps;
  return {
    running: (page) => runningPage(deps, page),
    heads: (runs) => headsOf(deps, runs),

    async restore({ manifest, executionId, view, by }: RestoredRun) {
      // Its number stands in the head.
      const stored = { ...manifest, runAttempt: undefined };
      const reserved = [manifest.nonce, executionId, manifest.reservedAt, JSON.stringify(stored)];
      const args = [...reserved, deadlinesOf(manifest)];
      const { migrationId, at } = view;
      const all = [...projectionArgs(view), ...args];
      const outcome = await mutator.mutate('restore-run', migrationId, at, all, authorArg(by));
      return textAt(outcome, 0) as 'applied' | 'closed' | 'unknown';
    },

    async instance() {
      const nodes = 'nodes' in redis ? redis.nodes('master') : [redis];
      const infos = await guarded(redis, () => Promise.all(nodes.map((node) => node.info('server'))));
      return infos
        .map((info) => /^run_id:(\w+)/m.exec(info)?.[1] ?? '')
        .sort()
        .join(' ');
    },

    async notes() {
      const text = await guarded(redis, () => redis.get(keys.reconcileNotes));
      return text === null ? { cursors: {} } : (JSON.parse(text) as ReconcileNotes);
    },

    async takeNotes(notes) {
      await guarded(redis, () => redis.set(keys.reconcileNotes, JSON.stringify(notes)));
    },
  };
}

/** A cursor is the migration that was read last, and the candidate in it, apart by a space. */
async function runningPage(
  { redis, runner, keys }: RunCensusDeps,
  { limit, cursor }: { limit: number; cursor?: string },
): Promise<{ heads: RunHead[]; nextCursor?: string }> {
  const [first = '', after = ''] = cursor?.split(' ') ?? [];
  const from = first === '' ? '-' : `[${first}`;
  const ids = await guarded(redis, () =>
    redis.zrangebylex(keys.allIds, from, '+', 'LIMIT', 0, MIGRATIONS + 1),
  );
  const heads: RunHead[] = [];
  for (const migrationId of ids.slice(0, MIGRATIONS)) {
    let last = migrationId === first ? after : '';
    for (;;) {
      if (heads.length >= limit) return { heads, nextCursor: `${migrationId} ${last}` };
      const asked = Math.min(SLICE, limit - heads.length);
      const reply = await runner.onMigration('read-running', migrationId, [last, asked]);
      for (let at = 0; at < reply.length; at += 2) {
        last = textAt(reply, at);
        heads.push(decodeHead(migrationId, last, textAt(reply, at + 1)));
      }
      if (reply.length < 2 * asked) break;
    }
  }
  const next = ids[MIGRATIONS];
  return next === undefined ? { heads } : { heads, nextCursor: `${next} ` };
}

async function headsOf(
  { runner }: RunCensusDeps,
  runs: readonly Address[],
): Promise<(RunHead | undefined)[]> {
  const found = new Array<RunHead | undefined>(runs.length).fill(undefined);
  const places = new Map<string, number[]>();
  for (const [place, { migrationId }] of runs.entries()) {
    const known = places.get(migrationId);
    if (known === undefined) places.set(migrationId, [place]);
    else known.push(place);
  }
  for (const [migrationId, indexes] of places) {
    for (let start = 0; start < indexes.length; start += SLICE) {
      const slice = indexes.slice(start, start + SLICE);
      const ids = slice.map((place) => runs[place]?.candidateId ?? '');
      const reply = await runner.onMigration('read-heads', migrationId, ids);
      for (const [at, place] of slice.entries()) {
        const head = optionalText(reply, 2 * at);
        const isWaiting = numberAt(reply, 2 * at + 1) === 1;
        if (head !== undefined) found[place] = decodeHead(migrationId, ids[at] ?? '', head, isWaiting);
      }
    }
  }
  return found;
}
