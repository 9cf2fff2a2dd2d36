import type { AttentionKind } from '@loom/domain';
import { memberOf, type Member } from './candidate-rows';
import { numberAt, textAt, type ScriptRunner } from './script-runner';

/** Since when (ms), migration, candidate. */
export type WaitingKey = [number, string, string];

export interface Waiting extends Member {
  migrationId: string;
  key: WaitingKey;
}

/** An index of one migration. */
export interface WaitingSource {
  migrationId: string;
  kind: AttentionKind | 'any';
}

interface Read extends WaitingSource {
  /** Where to read on: time and marker. */
  from: [string | number, string];
  last: WaitingKey | undefined;
  isEnded: boolean;
}

/** At least so many are read of an index at once. */
const LEAST_READ = 10;

/**
 * The first `limit` of all sources together. Each is read a little, and further only where something that was not read
 * yet may come before what is known: few of many migrations, many of few.
 */
export async function longestWaiting(
  runner: ScriptRunner,
  sources: readonly WaitingSource[],
  { limit, after }: { limit: number; after: WaitingKey | undefined },
): Promise<Waiting[]> {
  const share = Math.ceil((2 * limit) / Math.max(sources.length, 1));
  const portion = Math.min(limit, Math.max(LEAST_READ, share));
  let due: Read[] = sources.map((source) => ({
    ...source,
    from: after === undefined ? ['', ''] : placeAfter(source.migrationId, after),
    last: undefined,
    isEnded: false,
  }));
  const reads = due;
  const found: Waiting[] = [];
  while (due.length > 0) {
    const portions = await Promise.all(due.map((read) => readOn(runner, read, portion)));
    found.push(...portions.flat());
    found.sort((a, b) => compare(a.key, b.key));
    const edge = found[limit - 1]?.key;
    due = reads.filter(
      ({ isEnded, last }) =>
        !isEnded && (edge === undefined || (last !== undefined && compare(last, edge) < 0)),
    );
  }
  return found.slice(0, limit);
}

async function readOn(runner: ScriptRunner, read: Read, portion: number): Promise<Waiting[]> {
  const { migrationId, kind, from } = read;
  const reply = await runner.onMigration('waiting', migrationId, [kind, ...from, portion]);
  const found: Waiting[] = [];
  for (let index = 0; index < reply.length; index += 2) {
    const member = memberOf(textAt(reply, index));
    found.push({ ...member, migrationId, key: [numberAt(reply, index + 1), migrationId, member.id] });
  }
  read.isEnded = found.length < portion;
  read.last = found.at(-1)?.key;
  if (read.last !== undefined) read.from = placeAfter(migrationId, read.last);
  return found;
}

/** Behind the key in this migration's index, whose members are `id\0ordinal` and come by their bytes within one time. */
function placeAfter(migrationId: string, [time, ofMigration, id]: WaitingKey): [number, string] {
  if (migrationId === ofMigration) return [time, `${id}\x01`];
  return [time, migrationId < ofMigration ? '\x7f' : ''];
}

function compare(a: WaitingKey, b: WaitingKey): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? left;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}
