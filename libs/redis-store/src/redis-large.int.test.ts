import { randomUUID } from 'node:crypto';
import type { Candidate, CandidateRow } from '@loom/domain';
import type { CandidateQuery } from '@loom/ports';
import { connectRedis } from './connect-redis';
import { createRedisStores } from './create-redis-stores';
import { removeKeys, testRedis } from './testing/real-redis';

/** Above every threshold of lua/facets.lua: bitmaps from 2,000, no sorted set above 32,768, 5,000 values a field. */
const COUNT = 34_000;
const AT = '2026-01-01T00:00:00.000Z';
const LATER = '2026-01-02T00:00:00.000Z';

const redis = connectRedis(testRedis());
const prefix = `test-${randomUUID()}`;
const stores = createRedisStores({ redis, prefix });

interface Known extends Candidate {
  id: string;
  kind: string;
  metadata: Record<string, string>;
}

const all: Known[] = Array.from({ length: COUNT }, (_, index) => ({
  // A permutation, so that ordinals do not follow ids.
  id: `Svc-${String((index * 7919) % COUNT).padStart(6, '0')}`,
  kind: index % 100 === 0 ? 'library' : 'service',
  metadata: { tier: `t${index % 3}`, team: `team-${index % 50}`, near: `n${index}` },
}));
const queued = new Set(all.filter((_, index) => index % 17 === 3).map(({ id }) => id));

beforeAll(async () => {
  await stores.migrations.announce(
    { id: 'm', name: '', description: '', migratorApp: 'a', migratorUrl: 'http://a', steps: [] },
    AT,
  );
  for (let start = 0; start < COUNT; start += 10_000) {
    await stores.candidates.submit('m', all.slice(start, start + 10_000), AT);
  }
  const ids = [...queued];
  for (let start = 0; start < ids.length; start += 50) {
    const slice = ids.slice(start, start + 50);
    await Promise.all(
      slice.map((candidateId) => stores.runs.queue({ migrationId: 'm', candidateId, inputs: {}, at: LATER })),
    );
  }
}, 180_000);

afterAll(async () => {
  stores.close();
  await removeKeys(redis, prefix);
  redis.disconnect();
});

const idOf = (row: CandidateRow) => row.candidate.id;
const list = (query: Partial<CandidateQuery>) =>
  stores.candidates.list('m', { limit: 100, sort: 'id', ...query });

type Case = [string, Partial<CandidateQuery>, (candidate: Known) => boolean];
const cases: Case[] = [
  ['everything', {}, () => true],
  ['a status', { status: ['not_started'] }, ({ id }) => !queued.has(id)],
  ['a smaller status', { status: ['queued'] }, ({ id }) => queued.has(id)],
  ['all statuses', { status: ['queued', 'not_started'] }, () => true],
  ['a kind beyond sorted sets', { kind: ['service'] }, ({ kind }) => kind === 'service'],
  ['a small kind', { kind: ['library'] }, ({ kind }) => kind === 'library'],
  ['both kinds', { kind: ['library', 'service'] }, () => true],
  ['a bitmap', { meta: { tier: 't1' } }, ({ metadata }) => metadata['tier'] === 't1'],
  [
    'two bitmaps',
    { meta: { tier: 't1' }, status: ['queued'] },
    ({ id, metadata }) => metadata['tier'] === 't1' && queued.has(id),
  ],
  [
    'two bitmaps and a sorted set',
    { meta: { tier: 't1', team: 'team-7' }, status: ['not_started'] },
    ({ id, metadata }) => metadata['tier'] === 't1' && metadata['team'] === 'team-7' && !queued.has(id),
  ],
  ['a value', { meta: { near: 'n7' } }, ({ metadata }) => metadata['near'] === 'n7'],
  ['a value beyond the cap', { meta: { near: 'n33999' } }, ({ metadata }) => metadata['near'] === 'n33999'],
  [
    'a value beyond the cap and a status',
    { meta: { near: 'n33999' }, status: ['queued'] },
    ({ id, metadata }) => metadata['near'] === 'n33999' && queued.has(id),
  ],
  ['rare text', { q: 'VC-01234' }, ({ id }) => id.includes('vc-01234')],
  ['text in some', { q: '77' }, ({ id }) => id.includes('77')],
  [
    'text in a tier',
    { q: '33', meta: { tier: 't2' } },
    ({ id, metadata }) => id.includes('33') && metadata['tier'] === 't2',
  ],
];

describe('a large migration', () => {
  const ascending = (a: string, b: string) => (a < b ? -1 : 1);
  /** Newest first, ties by id. */
  const byUpdate = (a: string, b: string) => Number(queued.has(b)) - Number(queued.has(a)) || ascending(a, b);

  it.each(cases)('lists %s, in both orders, with exact totals, also far behind', async (_, query, fits) => {
    const wanted = all.filter(fits).map(({ id }) => id);
    for (const sort of ['id', '-updatedAt'] as const) {
      wanted.sort(sort === 'id' ? ascending : byUpdate);
      const first = await list({ ...query, sort });
      expect([first.total, first.totalRelation]).toEqual([wanted.length, 'eq']);
      expect(first.rows.map(idOf)).toEqual(wanted.slice(0, 100));
      const second =
        first.nextCursor === undefined
          ? undefined
          : await list({ ...query, sort, limit: 1000, cursor: first.nextCursor });
      expect(second?.rows.map(idOf) ?? []).toEqual(wanted.slice(100, 1100));
    }
  });

  it('tells a lower bound only where counting would cost the fleet', async () => {
    const page = await list({ q: 'svc-0', limit: 10 });
    expect(page).toMatchObject({ total: 10_000, totalRelation: 'gte' });
    const wanted = all.map(({ id }) => id).sort(ascending);
    expect(page.rows.map(idOf)).toEqual(wanted.slice(0, 10));
  });

  it('reads every row once, page by page', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({
        meta: { tier: 't1' },
        limit: 1000,
        ...(cursor === undefined ? {} : { cursor }),
      });
      seen.push(...page.rows.map(idOf));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    const wanted = all.filter(({ metadata }) => metadata['tier'] === 't1').map(({ id }) => id);
    expect(seen).toEqual(wanted.sort(ascending));
  });

  it('goes on after a row that has moved to the front meanwhile', async () => {
    const fresh = await list({ sort: '-updatedAt', status: ['not_started'], limit: 3 });
    const last = fresh.rows.at(-1);
    const next = await list({
      sort: '-updatedAt',
      limit: 3,
      status: ['not_started'],
      cursor: fresh.nextCursor ?? '',
    });
    const candidate = { ...(last?.candidate ?? { id: '' }), state: { changed: 'yes' } };
    await stores.candidates.submit('m', [candidate], '2026-01-03T00:00:00.000Z');
    const again = await list({
      sort: '-updatedAt',
      limit: 3,
      status: ['not_started'],
      cursor: fresh.nextCursor ?? '',
    });
    expect(again.rows.map(idOf)).toEqual(next.rows.map(idOf));
  });

  it('tells facets, cut where a field has too many values', async () => {
    const [tier, near] = await stores.candidates.facets('m', ['tier', 'near']);
    expect(tier?.values.reduce((sum, { count }) => sum + count, 0)).toBe(COUNT);
    expect(near).toMatchObject({ truncated: true });
  });

  it('keeps indexes exact when values leave and enter large sets', async () => {
    const moved = all.slice(0, 50).map((candidate) => ({
      ...candidate,
      kind: 'library',
      metadata: { ...candidate.metadata, tier: 't9', near: 'n33999' },
    }));
    const before = await list({ kind: ['service'], limit: 1 });
    const { updated } = await stores.candidates.submit('m', moved, LATER);
    const kinds = all.slice(0, updated).filter(({ kind }) => kind === 'service').length;
    expect((await list({ kind: ['service'], limit: 1 })).total).toBe(before.total - kinds);
    expect((await list({ meta: { tier: 't9' } })).rows.map(idOf)).toEqual(
      moved.map(({ id }) => id).sort(ascending),
    );
    expect((await list({ meta: { near: 'n33999' } })).total).toBe(51);
    expect((await list({ meta: { near: 'n3' } })).total).toBe(0);
  });
});
