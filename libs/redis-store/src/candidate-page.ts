import { LIMITS, MigrationNotFoundError } from '@loom/domain';
import {
  decodeCursor,
  encodeCursor,
  notIndexed,
  type CandidatePage,
  type CandidateQuery,
  type CandidateSort,
  type CursorKey,
  type CursorScope,
} from '@loom/ports';
import { memberOf, readRows, type Member } from './candidate-rows';
import { decodeCounts } from './records';
import {
  listAt,
  numberAt,
  optionalText,
  textAt,
  textsAt,
  type Reply,
  type ScriptRunner,
} from './script-runner';

const ORDERS: Record<CandidateSort, string> = { id: 'id', '-updatedAt': 'upd', attention: 'att' };
/** Index members that one walk looks at before it answers what it has. */
const WALK_BUDGET = 4000;
/** Id blocks (of 1,024) that one text search looks at, and the hits after which it answers. */
const SCAN_BLOCKS = 8;
const SCAN_HITS = 1500;
/** So many hits of a text are read whole. */
const MOST_SORTED = 2000;

interface Sorted extends Member {
  /** Sort key and place in the order; `id` alone where it is the order. */
  key: CursorKey;
}

interface Search {
  runner: ScriptRunner;
  migrationId: string;
  query: CandidateQuery;
  filter: (string | number)[];
  q: string;
  after: CursorKey | undefined;
}

interface Found {
  /** At least one more than the page, when there are so many. */
  members: Sorted[];
  total: number;
  relation: 'eq' | 'gte';
}

/** One page of candidates: its members from indexes, then their documents. */
export async function readPage(
  runner: ScriptRunner,
  migrationId: string,
  query: CandidateQuery,
): Promise<CandidatePage> {
  const scope = scopeOf(migrationId, query);
  const after = decodeCursor(scope, query.cursor);
  const q = (query.q ?? '').toLowerCase();
  const search: Search = { runner, migrationId, query, filter: encodeFilter(query), q, after };
  const first = await askPage(search, after, false);
  const { members, total, relation } = await find(search, first);
  const shown = members.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    rows: await readRows(runner, migrationId, shown),
    ...(members.length > query.limit && last !== undefined
      ? { nextCursor: encodeCursor(scope, last.key) }
      : {}),
    total,
    totalRelation: relation,
    counts: decodeCounts(textAt(first, 1)),
    streamPosition: textAt(first, 2),
  };
}

async function find(search: Search, first: Reply[]): Promise<Found> {
  const total = numberAt(first, 3);
  switch (textAt(first, 0)) {
    case 'all':
      return { members: inOrder(search, membersIn(search, first, 4)), total, relation: 'eq' };
    case 'some':
      return { members: await walk(search, first), total, relation: 'eq' };
    default:
      return findText(search);
  }
}

/** Walks on from where a call stopped, until the page is full or the end is reached. */
async function walk(search: Search, first: Reply[]): Promise<Sorted[]> {
  const wanted = search.query.limit + 1;
  const members = membersIn(search, first, 4);
  for (let reply = first; members.length < wanted && numberAt(reply, 6) === 0;) {
    const { id } = memberOf(textAt(reply, 7));
    const key: CursorKey = search.query.sort === 'id' ? [id] : [Number(textAt(reply, 8)), id];
    reply = await askPage(search, key, true);
    members.push(...membersIn(search, reply, 4));
  }
  return members.slice(0, wanted);
}

/**
 * Text in a large result. Few hits are read and sorted here; many are only counted, as far as totals are exact, and a
 * walk meets enough of them.
 */
async function findText(search: Search): Promise<Found> {
  const hits: Sorted[] = [];
  let total = 0;
  for (let block = 0; block >= 0 && total <= LIMITS.exactTotal;) {
    const reply = await scan(search, block, total > MOST_SORTED);
    block = numberAt(reply, 0);
    total += numberAt(reply, 1);
    hits.push(...membersIn(search, reply, 2));
  }
  if (total <= MOST_SORTED) return { members: inOrder(search, hits), total, relation: 'eq' };
  const members = await walk(search, await askPage(search, search.after, true));
  const isExact = total <= LIMITS.exactTotal;
  return { members, total: isExact ? total : LIMITS.exactTotal, relation: isExact ? 'eq' : 'gte' };
}

function scan(
  { runner, migrationId, query, q, filter }: Search,
  block: number,
  isCount: boolean,
): Promise<Reply[]> {
  const args = [ORDERS[query.sort], block, SCAN_BLOCKS, SCAN_HITS, q, isCount ? 1 : 0, ...filter];
  return runner.onMigration('scan', migrationId, args);
}

async function askPage(search: Search, after: CursorKey | undefined, isWalk: boolean): Promise<Reply[]> {
  const { runner, migrationId, query, filter, q } = search;
  const score = after !== undefined && query.sort !== 'id' ? String(after[0]) : '';
  const id = String(after?.at(-1) ?? '');
  const args = [ORDERS[query.sort], query.limit + 1, score, id, WALK_BUDGET, isWalk ? 1 : 0, q, ...filter];
  const reply = await runner.onMigration('page', migrationId, args);
  refuse(reply, migrationId, (key) => `meta[${key}]`);
  return reply;
}

/** The errors that a reading script tells by its first word. */
export function refuse(reply: Reply[], migrationId: string, pointerOf: (key: string) => string): void {
  if (reply[0] === 'unknown') throw new MigrationNotFoundError(migrationId);
  if (reply[0] !== 'not_indexed') return;
  const key = textAt(reply, 1);
  const numbered = textsAt(reply, 2);
  const indexed: string[] = [];
  for (let index = 0; index < numbered.length; index += 2) {
    indexed[Number(numbered[index + 1])] = numbered[index] ?? '';
  }
  throw notIndexed(pointerOf(key), key, indexed);
}

function membersIn(search: Search, reply: Reply[], index: number): Sorted[] {
  const scores = listAt(reply, index + 1);
  return textsAt(reply, index).map((text, at) => {
    const member = memberOf(text);
    const score = optionalText(scores, at);
    return { ...member, key: search.query.sort === 'id' ? [member.id] : [Number(score), member.id] };
  });
}

/** Sorted, and only what follows the cursor. */
function inOrder({ after }: Search, members: Sorted[]): Sorted[] {
  const sorted = members.sort((a, b) => compare(a.key, b.key));
  return after === undefined ? sorted : sorted.filter(({ key }) => compare(key, after) > 0);
}

function compare(a: CursorKey, b: CursorKey): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? left;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function scopeOf(migrationId: string, query: CandidateQuery): CursorScope {
  const { sort, status, kind, q, meta, attention } = query;
  const of = { migrationId, sort, status, kind, q, meta, attention };
  return { list: 'candidates', of, key: sort === 'id' ? ['text'] : ['whole', 'text'] };
}

/** As lua/filter.lua reads it: number of fields, then of each its name, number of alternatives, alternatives. */
function encodeFilter({ status, kind, meta, attention, sort }: CandidateQuery): (string | number)[] {
  const fields: [string, readonly string[] | undefined][] = [
    ['s', status],
    ['k', kind],
    ['a', attention],
    ['a', sort === 'attention' ? ['any'] : undefined],
    ...Object.entries(meta ?? {}).map(([key, value]): [string, string[]] => [`meta:${key}`, [value]]),
  ];
  const given = fields.flatMap(([name, values]) =>
    values === undefined ? [] : [[name, new Set(values)] as const],
  );
  return [given.length, ...given.flatMap(([name, values]) => [name, values.size, ...values])];
}
