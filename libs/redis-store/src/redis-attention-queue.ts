import { noAttention, type AttentionKind, type Counts } from '@loom/domain';
import {
  attentionScope,
  decodeCursor,
  encodeCursor,
  type AttentionItem,
  type AttentionQueue,
  type AttentionRequest,
  type SilentSince,
} from '@loom/ports';
import { readRows } from './candidate-rows';
import type { Mutator } from './deriver';
import { guarded, type RedisClient } from './guard';
import type { Keys } from './keys';
import { longestWaiting, type Waiting, type WaitingKey, type WaitingSource } from './longest-waiting';
import { decodeCounts, millis } from './records';
import { numberAt, textAt, type ScriptRunner } from './script-runner';

export interface AttentionQueueDeps {
  redis: RedisClient;
  runner: ScriptRunner;
  keys: Keys;
  mutator: Mutator;
}

/** Migrations that are asked at the same time. */
const AT_ONCE = 200;
/** Runs of one migration that one script marks: more would block Redis for long. */
const MARKED = 50;

/**
 * What waits for a person, merged from each migration's own index: that one is exact, and one which spans them would
 * have to be mended after every crash. Only which migrations to ask is derived.
 */
export function createRedisAttentionQueue(deps: AttentionQueueDeps): AttentionQueue {
  const { redis, runner, keys, mutator } = deps;
  return {
    async list(request) {
      const { limit, cursor, kinds } = request;
      const scope = attentionScope(request);
      const after = decodeCursor(scope, cursor) as WaitingKey | undefined;
      const { counts, waiting } = await countsIn(deps);
      const sources = waiting.flatMap((each): WaitingSource[] => sourcesOf(each, kinds));
      const found = await longestWaiting(runner, sources, { limit: limit + 1, after });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return {
        rows: await rowsOf(runner, shown, kinds),
        ...(found.length > limit && last !== undefined
          ? { nextCursor: encodeCursor(scope, [...last.key]) }
          : {}),
        counts,
      };
    },

    async markStale(silent, at) {
      const args = ['', MARKED, ...silentArgs(silent)];
      const ids = await guarded(redis, () => redis.zrange(keys.allIds, '0', '-1'));
      let marked = 0;
      for (let start = 0; start < ids.length; start += AT_ONCE) {
        const slice = ids.slice(start, start + AT_ONCE);
        const outcomes = await Promise.all(slice.map((id) => mutator.mutate('mark-stale', id, at, args)));
        for (const outcome of outcomes) marked += numberAt(outcome, 1);
      }
      return marked;
    },
  };
}

function silentArgs(silent: SilentSince): (string | number)[] {
  return Object.entries(silent).flatMap(([status, before]) => [status, millis(before)]);
}

interface WaitingIn {
  migrationId: string;
  counts: Counts;
}

async function countsIn({ runner, keys }: AttentionQueueDeps) {
  const reply = await runner.onKeys('list-waiting', [keys.allCounts], []);
  const waiting: WaitingIn[] = [];
  const counts = { attention: 0, attentionByKind: noAttention() };
  for (let index = 0; index < reply.length; index += 2) {
    const own = decodeCounts(textAt(reply, index + 1));
    waiting.push({ migrationId: textAt(reply, index), counts: own });
    counts.attention += own.attention;
    for (const kind of Object.keys(own.attentionByKind) as AttentionKind[])
      counts.attentionByKind[kind] += own.attentionByKind[kind];
  }
  return { counts, waiting };
}

/** Which indexes of a migration are read; none where nothing of a wanted kind waits. */
function sourcesOf({ migrationId, counts }: WaitingIn, kinds: AttentionRequest['kinds']): WaitingSource[] {
  if (kinds === undefined) return [{ migrationId, kind: 'any' }];
  return [...new Set(kinds)]
    .filter((kind) => counts.attentionByKind[kind] > 0)
    .map((kind) => ({ migrationId, kind }));
}

/** Rows in the order of their keys; without those that need nobody any more, or for another reason. */
async function rowsOf(
  runner: ScriptRunner,
  waiting: readonly Waiting[],
  kinds: AttentionRequest['kinds'],
): Promise<AttentionItem[]> {
  const byMigration = new Map<string, Waiting[]>();
  for (const each of waiting) {
    const others = byMigration.get(each.migrationId);
    if (others === undefined) byMigration.set(each.migrationId, [each]);
    else others.push(each);
  }
  const items = new Map<string, AttentionItem>();
  await Promise.all(
    [...byMigration].map(async ([migrationId, members]) => {
      const rows = await readRows(runner, migrationId, members);
      for (const row of rows) {
        const kind = row.run?.attention?.kind;
        if (kind === undefined || kinds?.includes(kind) === false) continue;
        items.set(`${migrationId} ${row.candidate.id}`, { migrationId, row });
      }
    }),
  );
  return waiting.flatMap(({ migrationId, id }) => items.get(`${migrationId} ${id}`) ?? []);
}
