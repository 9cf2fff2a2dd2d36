import { InvalidRequestError, MigrationNotFoundError } from '@loom/domain';
import type { CandidateQuery } from '../candidate-store';
import type { PageRequest } from '../page';
import { at, Fleet, rejectionOf } from './fleet';
import { forgedCursors } from './forged-cursors';
import { useStores, type MakeStores } from './stores-under-test';

/** Pages, order, filters and totals of every CandidateStore. */
export function describeList(make: MakeStores): void {
  describe('list', () => {
    const stores = useStores(make);

    /** Thirty candidates: kinds by thirds, teams by halves, every third one queued. */
    async function mixed(): Promise<Fleet> {
      const fleet = await new Fleet(stores).with();
      const kinds = ['service', 'library', undefined];
      await fleet.submit(
        ...Array.from({ length: 30 }, (_, index) => {
          const kind = kinds[index % 3];
          return {
            id: `App-${String(index).padStart(2, '0')}`,
            ...(kind === undefined ? {} : { kind }),
            metadata: { team: index < 15 ? 'blue' : 'red' },
          };
        }),
      );
      for (let index = 0; index < 30; index += 3) await fleet.queue(`App-${String(index).padStart(2, '0')}`);
      return fleet;
    }

    it('is empty for a migration without candidates, and unknown without one', async () => {
      const fleet = await new Fleet(stores).with();
      expect(await fleet.list()).toMatchObject({ rows: [], total: 0, totalRelation: 'eq' });
      const unknown = stores.candidates.list('nothing', { limit: 1, sort: 'id' });
      expect(await rejectionOf(unknown)).toBeInstanceOf(MigrationNotFoundError);
    });

    it('orders by the bytes of the id, and tells total, counts and the stream position', async () => {
      const fleet = await new Fleet(stores).with('b', 'a', 'B', 'a.b', 'a-b', 'a_b', 'a1', '10', '9');
      const page = await fleet.list();
      expect(page.rows.map((row) => row.candidate.id)).toEqual(
        ['b', 'a', 'B', 'a.b', 'a-b', 'a_b', 'a1', '10', '9'].sort(),
      );
      expect(page).toMatchObject({ total: 9, totalRelation: 'eq', counts: { total: 9, not_started: 9 } });
      expect(page.streamPosition).toBe(await stores.events.position({ migrationId: 'move' }));
      expect(page).not.toHaveProperty('nextCursor');
    });

    it('gives the same rows as `get`', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c', 'd');
      await fleet.queue('b', { inputs: { x: 'y' } });
      await fleet.run('c');
      await fleet.project('c', 1, { status: 'failed', reason: 'no' });
      await fleet.runAndCancel('d');
      for (const row of (await fleet.list()).rows) expect(row).toEqual(await fleet.row(row.candidate.id));
    });

    it('pages without gaps or duplicates, for every length of page', async () => {
      const fleet = await mixed();
      const all = await fleet.ids();
      expect(all).toHaveLength(30);
      for (const limit of [1, 7, 10, 29, 30, 31]) expect(await fleet.ids({ limit })).toEqual(all);
    });

    it('stays complete and without duplicates while rows come and change', async () => {
      const fleet = await mixed();
      const wanted = await fleet.ids();
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await fleet.list({ limit: 4, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.rows.map((row) => row.candidate.id));
        cursor = page.nextCursor;
        await fleet.submit(`App-${String(seen.length - 1).padStart(2, '0')}-more`, `A${seen.length}`);
        await fleet.dequeue('App-00');
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen).toEqual(expect.arrayContaining(wanted));
    });

    const filters: [string, Partial<CandidateQuery>, number][] = [
      ['a status', { status: ['queued'] }, 10],
      ['one of two statuses', { status: ['queued', 'not_started'] }, 30],
      ['a status that none has', { status: ['completed'] }, 0],
      ['no alternative at all', { status: [] }, 0],
      ['a kind', { kind: ['service'] }, 10],
      ['one of two kinds', { kind: ['service', 'library'] }, 20],
      ['an unknown kind', { kind: ['website'] }, 0],
      ['metadata', { meta: { team: 'blue' } }, 15],
      ['a value that none has', { meta: { team: 'green' } }, 0],
      ['status and metadata', { status: ['queued'], meta: { team: 'red' } }, 5],
      [
        'kind, status and metadata',
        { kind: ['library'], status: ['not_started'], meta: { team: 'blue' } },
        5,
      ],
      ['fields that exclude one another', { kind: ['library'], status: ['queued'] }, 0],
      ['a part of the id', { q: 'P-0' }, 10],
      ['a part of the id and a status', { q: 'app-1', status: ['queued'] }, 3],
      ['a part that none has', { q: 'zzz' }, 0],
      ['a part with characters of a pattern', { q: '.*' }, 0],
      ['attention that none needs', { attention: ['step_failed'] }, 0],
    ];
    it.each(filters)('narrows to %s', async (_, query, expected) => {
      const fleet = await mixed();
      const wanted = (await fleet.list({ limit: 100 })).rows
        .filter((row) => query.status?.includes(row.status) ?? true)
        .filter((row) => query.kind?.includes(row.candidate.kind ?? '') ?? true)
        .filter((row) => query.meta === undefined || row.candidate.metadata?.['team'] === query.meta['team'])
        .filter((row) => row.candidate.id.toLowerCase().includes(query.q?.toLowerCase() ?? ''))
        .filter(() => query.attention === undefined)
        .map((row) => row.candidate.id);
      const page = await fleet.list(query);
      expect(page.rows.map((row) => row.candidate.id)).toEqual(wanted);
      expect(page).toMatchObject({ total: expected, totalRelation: 'eq', counts: { total: 30, queued: 10 } });
      expect(await fleet.ids({ ...query, limit: 2 })).toEqual(wanted);
      expect((await fleet.ids({ ...query, limit: 2, sort: '-updatedAt' })).sort()).toEqual(wanted);
    });

    it('follows an update from one value to another', async () => {
      const fleet = await mixed();
      await fleet.submit({ id: 'App-01', kind: 'service', metadata: { team: 'red', owner: 'ann' } });
      expect(await fleet.ids({ kind: ['library'] })).not.toContain('App-01');
      expect(await fleet.ids({ kind: ['service'], meta: { team: 'red', owner: 'ann' } })).toEqual(['App-01']);
      await fleet.submit({ id: 'App-01' });
      expect(await fleet.ids({ meta: { owner: 'ann' } })).toEqual([]);
    });

    it('sorts the newest change first, ties by id', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c', 'd');
      await fleet.queue('c', { at: at(10) });
      await fleet.queue('a', { at: at(20) });
      expect(await fleet.ids({ sort: '-updatedAt' })).toEqual(['a', 'c', 'b', 'd']);
      expect(await fleet.ids({ sort: '-updatedAt', limit: 1 })).toEqual(['a', 'c', 'b', 'd']);
      expect(await fleet.ids({ sort: '-updatedAt', status: ['queued'] })).toEqual(['a', 'c']);
    });

    it('sorts attention: the longest waiting first, only rows that need it', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c', 'd', 'e');
      for (const id of ['b', 'c', 'd', 'e']) await fleet.run(id);
      await fleet.project('b', 1, { status: 'failed', updatedAt: at(30) });
      await fleet.project('c', 1, { status: 'awaiting_review', updatedAt: at(20) });
      await fleet.project('d', 1, { status: 'failed', updatedAt: at(10) });
      expect(await fleet.list({ sort: 'attention' })).toMatchObject({ total: 3, counts: { attention: 3 } });
      for (const limit of [1, 2, 10])
        expect(await fleet.ids({ sort: 'attention', limit })).toEqual(['d', 'c', 'b']);
      expect(await fleet.ids({ sort: 'attention', attention: ['step_failed'] })).toEqual(['d', 'b']);
      expect(await fleet.ids({ attention: ['awaiting_review', 'step_failed'] })).toEqual(['b', 'c', 'd']);
      await fleet.project('d', 2, { status: 'in_progress', attempt: 2 });
      await fleet.complete('b', 2);
      await fleet.cancel('c');
      await fleet.settle('c');
      expect(await fleet.list({ sort: 'attention' })).toMatchObject({ rows: [], counts: { attention: 0 } });
    });

    it('refuses cursors of another list, sort, filter or migration, and garbage', async () => {
      const fleet = await mixed();
      await new Fleet(stores, 'other').with('a', 'b');
      const { nextCursor: cursor = '' } = await fleet.list({ limit: 1, status: ['queued'] });
      expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
      const wrong: (() => Promise<unknown>)[] = [
        () => fleet.list({ cursor }),
        () => fleet.list({ cursor, status: ['not_started'] }),
        () => fleet.list({ cursor, status: ['queued'], sort: '-updatedAt' }),
        () => new Fleet(stores, 'other').list({ cursor, status: ['queued'] }),
        () => stores.migrations.list({ limit: 1, cursor }),
        () => stores.reader.cancelledAttempts('move', { limit: 1, cursor }),
        () => fleet.list({ cursor: 'not a cursor' }),
        () => fleet.list({ cursor: '' }),
        () => fleet.list({ cursor: btoa('{"l":1}').replaceAll('=', '') }),
      ];
      for (const read of wrong) expect(await rejectionOf(read())).toBeInstanceOf(InvalidRequestError);
    });

    it('refuses cursors of every list whose key is none of it', async () => {
      const fleet = await mixed();
      await new Fleet(stores, 'other').with('a', 'b');
      await fleet.runAndCancel('App-01');
      await fleet.runAndCancel('App-01');
      const lists: [readonly string[], (page: PageRequest) => Promise<{ nextCursor?: string }>][] = [
        [['string'], (page) => stores.migrations.list(page)],
        [['number'], (page) => stores.reader.cancelledAttempts('move', page)],
        [['string'], (page) => fleet.list(page)],
        [['number', 'string'], (page) => fleet.list({ ...page, sort: '-updatedAt' })],
      ];
      for (const [types, list] of lists) {
        const { nextCursor = '' } = await list({ limit: 1 });
        for (const cursor of forgedCursors(nextCursor, types))
          expect(await rejectionOf(list({ limit: 1, cursor }))).toMatchObject({
            code: 'invalid_request',
            problems: [{ pointer: 'cursor' }],
          });
      }
    });

    it('refuses a metadata key that is not indexed, naming those that are', async () => {
      const fleet = await mixed();
      const error = await rejectionOf(fleet.list({ meta: { owner: 'x' } }));
      expect(error).toBeInstanceOf(InvalidRequestError);
      expect((error as InvalidRequestError).problems).toEqual([
        { pointer: 'meta[owner]', message: 'owner is not indexed; indexed: team' },
      ]);
    });
  });
}
