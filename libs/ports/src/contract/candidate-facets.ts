import { InvalidRequestError, MigrationNotFoundError } from '@loom/domain';
import { FACET_VALUES_TOLD } from '../indexed-keys';
import { Fleet, rejectionOf } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** Facets of every CandidateStore, and which metadata keys are indexed. */
export function describeFacets(make: MakeStores): void {
  describe('facets', () => {
    const stores = useStores(make);

    it('tells values with counts, the most frequent first, ties by value, in the order asked', async () => {
      const fleet = await new Fleet(stores).with();
      await fleet.submit(
        { id: 'a', kind: 'service', metadata: { team: 'red' } },
        { id: 'b', kind: 'service', metadata: { team: 'blue' } },
        { id: 'c', kind: 'library' },
        { id: 'd', kind: 'app' },
      );
      expect(await stores.candidates.facets('move', ['team', 'kind'])).toEqual([
        {
          key: 'team',
          values: [
            { value: 'blue', count: 1 },
            { value: 'red', count: 1 },
          ],
          truncated: false,
        },
        {
          key: 'kind',
          values: [
            { value: 'service', count: 2 },
            { value: 'app', count: 1 },
            { value: 'library', count: 1 },
          ],
          truncated: false,
        },
      ]);
    });

    it('tells kind and every indexed metadata key where none is named', async () => {
      const fleet = await new Fleet(stores).with('a');
      expect(await stores.candidates.facets('move', [])).toEqual([
        { key: 'kind', values: [], truncated: false },
      ]);
      await fleet.submit({ id: 'b', kind: 'app', metadata: { team: 'red', kind: 'x' } });
      await fleet.submit({ id: 'c', metadata: { owner: 'ann' } });
      const facets = await stores.candidates.facets('move', []);
      expect(facets.map(({ key }) => key)).toEqual(['kind', 'team', 'owner']);
      expect(facets).toEqual(await stores.candidates.facets('move', ['kind', 'team', 'owner']));
    });

    it('forgets values that no candidate has any more', async () => {
      const fleet = await new Fleet(stores).with();
      await fleet.submit({ id: 'a', kind: 'old' });
      await fleet.submit({ id: 'a', kind: 'new' });
      const [facet] = await stores.candidates.facets('move', ['kind']);
      expect(facet?.values).toEqual([{ value: 'new', count: 1 }]);
    });

    it('takes long, odd and empty values, in filters too', async () => {
      const fleet = await new Fleet(stores).with();
      const values = ['', 'x'.repeat(500), `${'x'.repeat(500)}y`, 'a\u0000b', '=#\n', 'ünï'];
      await fleet.submit(...values.map((value, index) => ({ id: `c${index}`, metadata: { odd: value } })));
      const [facet] = await stores.candidates.facets('move', ['odd']);
      expect(facet?.values.map(({ value }) => value)).toEqual([...values].sort());
      for (const [index, odd] of values.entries())
        expect(await fleet.ids({ meta: { odd } })).toEqual([`c${index}`]);
    });

    it('cuts what it tells, and says so', async () => {
      const fleet = await new Fleet(stores).with();
      const count = FACET_VALUES_TOLD + 5;
      await fleet.submit(
        ...Array.from({ length: count }, (_, i) => ({ id: `c${i}`, metadata: { near: `v${i}` } })),
      );
      const [facet] = await stores.candidates.facets('move', ['near']);
      expect(facet?.truncated).toBe(true);
      expect(facet?.values).toHaveLength(FACET_VALUES_TOLD);
    });

    it('indexes the first 16 distinct metadata keys, and refuses the others by name', async () => {
      const fleet = await new Fleet(stores).with();
      const keys = Array.from({ length: 18 }, (_, index) => `key${String(index).padStart(2, '0')}`);
      await fleet.submit({ id: 'a', metadata: { key17: 'early' } });
      await fleet.submit({ id: 'b', metadata: Object.fromEntries(keys.map((key) => [key, 'v'])) });
      expect(await fleet.ids({ meta: { key17: 'v', key14: 'v' } })).toEqual(['b']);
      const error = await rejectionOf(stores.candidates.facets('move', ['kind', 'key15']));
      expect(error).toBeInstanceOf(InvalidRequestError);
      const message = (error as InvalidRequestError).problems[0]?.message;
      expect(message).toBe(`key15 is not indexed; indexed: ${['key17', ...keys.slice(0, 15)].join(', ')}`);
    });

    it('refuses an unknown migration', async () => {
      const unknown = stores.candidates.facets('nothing', ['kind']);
      expect(await rejectionOf(unknown)).toBeInstanceOf(MigrationNotFoundError);
    });
  });
}
