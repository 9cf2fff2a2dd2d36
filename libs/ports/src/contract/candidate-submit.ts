import { MigrationNotFoundError, type Candidate } from '@loom/domain';
import { at, definition, Fleet, rejectionOf } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** How every CandidateStore merges what discovery found. */
export function describeSubmit(make: MakeStores): void {
  describe('submit', () => {
    const stores = useStores(make);

    it('adds what is new, and gives it back whole', async () => {
      const fleet = await new Fleet(stores).with();
      const candidate: Candidate = {
        id: 'svc.a-1',
        kind: 'service',
        metadata: { team: 'blue', 'odd key': '"\\\n✓', ['__proto__']: 'x' },
        state: {},
        files: [{ name: 'g', repo: 'r', files: [] }],
        steps: [{ name: 'own', migratorApp: 'mover', config: { size: '12345678901234567890' }, files: [] }],
      };
      expect(await fleet.submit(candidate)).toEqual({ added: 1, updated: 0, unchanged: 0, preserved: 0 });
      expect(await fleet.row('svc.a-1')).toEqual({ candidate, status: 'not_started', updatedAt: at(1) });
    });

    it('stores neither a claimed status nor null lists nor unknown fields', async () => {
      const fleet = await new Fleet(stores).with();
      const claimed = {
        id: 'a',
        status: 'completed',
        run: { attempt: 9 },
        steps: null,
        files: null,
        kind: null,
      };
      await fleet.submit(claimed as unknown as Candidate);
      expect(await fleet.row('a')).toEqual({
        candidate: { id: 'a' },
        status: 'not_started',
        updatedAt: at(1),
      });
    });

    it('tells updated from unchanged by content, whatever the order of keys', async () => {
      const fleet = await new Fleet(stores).with();
      await fleet.submit({ id: 'a', metadata: { x: '1', y: '2' } }, { id: 'b', kind: 'old' });
      const again = [{ id: 'a', metadata: { y: '2', x: '1' } }, { id: 'b', kind: 'new' }, { id: 'c' }];
      const result = await stores.candidates.submit('move', again, at(7));
      expect(result).toEqual({ added: 1, updated: 1, unchanged: 1, preserved: 0 });
      expect((await fleet.row('a')).updatedAt).toBe(at(1));
      expect(await fleet.row('b')).toMatchObject({ candidate: { kind: 'new' }, updatedAt: at(7) });
    });

    it('no longer finds a candidate by what it no longer has, and by the rest as before', async () => {
      const fleet = await new Fleet(stores).with();
      await fleet.submit({ id: 'a', kind: 'k', metadata: { team: 'x' } }, { id: 'b', kind: 'k' });
      await fleet.submit({ id: 'a', kind: 'k' });
      expect(await fleet.ids({ meta: { team: 'x' } })).toEqual([]);
      expect(await fleet.ids({ kind: ['k'] })).toEqual(['a', 'b']);
      await fleet.submit({ id: 'a' }, { id: 'b', kind: 'k', state: { size: '1' } });
      expect(await fleet.ids({ kind: ['k'] })).toEqual(['b']);
      await fleet.submit({ id: 'a', metadata: { team: 'y' } });
      expect(await fleet.ids({ meta: { team: 'y' } })).toEqual(['a']);
    });

    it('replaces a queued candidate and keeps it queued with its inputs', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.queue('a', { inputs: { team: 'x' } });
      const result = await stores.candidates.submit('move', [{ id: 'a', kind: 'k' }], at(7));
      expect(result.updated).toBe(1);
      expect(await fleet.row('a')).toMatchObject({
        candidate: { id: 'a', kind: 'k' },
        status: 'queued',
        updatedAt: at(7),
        run: { inputs: { team: 'x' } },
      });
    });

    it('preserves running and completed candidates untouched', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      await fleet.run('a');
      await fleet.run('b');
      await fleet.complete('b', 2);
      const before = [await fleet.row('a'), await fleet.row('b')];
      const changed = [
        { id: 'a', kind: 'k', metadata: { team: 'x' } },
        { id: 'b', kind: 'k' },
      ];
      const result = await stores.candidates.submit('move', changed, at(50));
      expect(result).toEqual({ added: 0, updated: 0, unchanged: 0, preserved: 2 });
      expect([await fleet.row('a'), await fleet.row('b')]).toEqual(before);
      expect(await stores.candidates.facets('move', ['kind'])).toEqual([
        { key: 'kind', values: [], truncated: false },
      ]);
    });

    it('replaces again after a cancel made it not_started', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.runAndCancel('a');
      expect((await fleet.row('a')).updatedAt).toBe(at(101));
      const result = await stores.candidates.submit('move', [{ id: 'a', kind: 'k' }], at(200));
      expect(result.updated).toBe(1);
      expect(await fleet.row('a')).toEqual({
        candidate: { id: 'a', kind: 'k' },
        status: 'not_started',
        updatedAt: at(200),
      });
    });

    it('deletes nothing by absence, and does nothing for an empty list', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      await fleet.submit('b');
      expect(await fleet.submit()).toEqual({ added: 0, updated: 0, unchanged: 0, preserved: 0 });
      expect(await fleet.ids()).toEqual(['a', 'b']);
    });

    it('refuses an unknown migration', async () => {
      const submit = (list: Candidate[]) => stores.candidates.submit('nothing', list, at(1));
      expect(await rejectionOf(submit([{ id: 'a' }]))).toBeInstanceOf(MigrationNotFoundError);
      expect(await rejectionOf(submit([]))).toBeInstanceOf(MigrationNotFoundError);
      expect(await stores.candidates.get('nothing', 'a')).toBeUndefined();
    });

    it('knows nothing of another candidate', async () => {
      await new Fleet(stores).with('a');
      expect(await stores.candidates.get('move', 'b')).toBeUndefined();
      expect(await stores.candidates.get('move', 'a\u0000')).toBeUndefined();
    });

    it('changes the version with each change, and only then', async () => {
      const fleet = await new Fleet(stores).with('a');
      const version = async () => (await stores.reader.snapshot('move', 'a'))?.version;
      const first = await version();
      await fleet.submit('a');
      expect(await version()).toBe(first);
      await fleet.submit({ id: 'a', kind: 'k' });
      expect(await version()).not.toBe(first);
    });

    it('loses nothing when many submits and announces come at once', async () => {
      const fleet = await new Fleet(stores).with();
      const lists = Array.from({ length: 8 }, (_, list) =>
        Array.from({ length: 60 }, (_, index) => `c${list * 40 + index}`),
      );
      const results = await Promise.all(
        lists.flatMap((ids, index) => [
          fleet.submit(...ids),
          stores.migrations.announce(definition({ name: `n${index}` }), at(2)).then(() => undefined),
        ]),
      );
      const added = results.reduce((sum, result) => sum + (result?.added ?? 0), 0);
      const distinct = new Set(lists.flat());
      expect(added).toBe(distinct.size);
      expect(await fleet.ids()).toEqual([...distinct].sort());
      expect((await stores.migrations.get('move'))?.counts).toMatchObject({
        not_started: distinct.size,
        total: distinct.size,
      });
    });
  });
}
