import type { Redis } from 'ioredis';
import { SYSTEM } from '@loom/domain';
import type { CandidateQuery, Stores } from '@loom/ports';
import { candidateOf } from './candidates';
import { definitionOf, moveSome, now, submitRange } from './fleet';
import { rated, timed, type Measurement } from './measure';
import { countTrips, cpuSeconds, usedMemory } from './redis-facts';

/** So many candidates are submitted again to see what a repeated discovery costs. */
const AGAIN = 50_000;
const CHANGED = 10_000;
const PRUNED = 10_000;
const TIMES = 60;

export interface StoreBench {
  stores: Stores;
  client: Redis;
  tell: (line: string) => void;
}

/** Fills one migration with `size` candidates, and measures what is done with it. */
export async function benchStore(bench: StoreBench, size: number): Promise<Measurement[]> {
  const migrationId = `fleet-${size}`;
  bench.tell(`${size} candidates: submit`);
  const submits = await benchSubmit(bench, migrationId, size);
  await moveSome(bench.stores, migrationId, size);
  bench.tell(`${size} candidates: lists`);
  const reads = await benchReads(bench, migrationId, size);
  return [...submits, ...reads, ...(await benchPrune(bench, migrationId, size))];
}

async function benchSubmit({ stores, client }: StoreBench, id: string, size: number): Promise<Measurement[]> {
  const submit = (from: number, to: number, revision: number) => () =>
    submitRange(stores, id, { from, to, size, revision });
  const costed = async (count: number, act: () => Promise<unknown>) => {
    const [redis, own] = [await cpuSeconds(client), process.cpuUsage()];
    const rate = await rated(count, act);
    const { user, system } = process.cpuUsage(own);
    const us = { redisUs: ((await cpuSeconds(client)) - redis) * 1e6, ownUs: user + system };
    return { ...rate, redisUs: Math.round(us.redisUs / count), ownUs: Math.round(us.ownUs / count) };
  };
  await stores.migrations.announce(definitionOf(id), now());
  const before = await usedMemory(client);
  const added = await costed(size, submit(0, size, 0));
  const bytes = ((await usedMemory(client)) - before) / size;
  const again = Math.min(AGAIN, size);
  const changed = Math.min(CHANGED, size);
  return [
    { what: 'submit, new', size, values: added },
    { what: 'submit, unchanged', size, values: await costed(again, submit(0, again, 0)) },
    { what: 'submit, changed', size, values: await costed(changed, submit(0, changed, 1)) },
    { what: 'memory a candidate', size, values: { bytes: Math.round(bytes) } },
  ];
}

type Query = (index: number) => Partial<CandidateQuery>;

/** Lists, each with another value at every call. */
const QUERIES: Record<string, Query> = {
  'list, no filter': () => ({}),
  'list, newest first': () => ({ sort: '-updatedAt' }),
  'list, attention': () => ({ sort: 'attention' }),
  'list, status': () => ({ status: ['not_started'] }),
  'list, status newest first': () => ({ status: ['not_started'], sort: '-updatedAt' }),
  'list, small status': () => ({ status: ['running'] }),
  'list, status and team': (index) => ({ status: ['not_started'], meta: { team: `team-${index % 50}` } }),
  'list, status, team and system': (index) => ({
    status: ['not_started'],
    meta: { team: `team-${index % 50}`, system: `system-${index % 50}` },
  }),
  'list, unique value': (index) => ({
    meta: { repoName: `platform-fleet/service-${String(index).padStart(7, '0')}` },
  }),
  'list, kind': () => ({ kind: ['library'] }),
  'list, kind and status': () => ({ kind: ['service'], status: ['not_started'] }),
  'list, text, few': (index) => ({ q: `E-${String(index).padStart(6, '0')}` }),
  'list, text, many': (index) => ({ q: String(index % 10) }),
  'list, 1,000 rows': () => ({ limit: 1000 }),
};

async function benchReads({ stores, client }: StoreBench, id: string, size: number): Promise<Measurement[]> {
  const list = (query: Partial<CandidateQuery>) =>
    stores.candidates.list(id, { limit: 100, sort: 'id', ...query });
  const found: Measurement[] = [];
  for (const [what, query] of Object.entries(QUERIES)) {
    const times = await timed(what.includes('text') ? TIMES / 6 : TIMES, (index) => list(query(index)));
    const trips = await countTrips(client, () => list(query(3)));
    found.push({ what, size, values: { ...times, trips } });
  }
  const cursor = await deepCursor(list, size);
  const deep = await timed(TIMES, () => list(cursor === undefined ? {} : { cursor }));
  found.push({ what: 'list, deep cursor', size, values: deep });
  found.push({
    what: 'facets, all',
    size,
    values: await timed(TIMES, () => stores.candidates.facets(id, [])),
  });
  found.push({ what: 'counts', size, values: await timed(TIMES, () => stores.migrations.get(id)) });
  return found;
}

/** Some way into the list. */
async function deepCursor(
  list: (query: Partial<CandidateQuery>) => ReturnType<Stores['candidates']['list']>,
  size: number,
) {
  let cursor: string | undefined;
  for (let read = 0; read < Math.min(size / 2, 50_000); read += 1000) {
    const page = await list({ limit: 1000, ...(cursor === undefined ? {} : { cursor }) });
    if (page.nextCursor === undefined) break;
    cursor = page.nextCursor;
  }
  return cursor;
}

/** A discovery that found one candidate: what a preview costs, and taking out some of the rest. */
async function benchPrune({ stores }: StoreBench, id: string, size: number): Promise<Measurement[]> {
  const discoveryId = 'found-one';
  await stores.candidates.submit(id, [candidateOf(0, size)], now(), { ...SYSTEM, discoveryId });
  const most = Math.min(PRUNED, size / 2);
  const prune = (preview: boolean) =>
    stores.candidates.prune(id, { selection: { discoveryId }, at: now(), preview, allowEmpty: false, most });
  return [
    { what: 'prune, preview', size, values: await timed(TIMES, () => prune(true)) },
    { what: 'prune', size, values: await rated(most, () => prune(false)) },
  ];
}
