import { InvalidRequestError, type AttentionKind } from '@loom/domain';
import type { AttentionRequest } from '../attention-queue';
import { describeSilence } from './attention-silence';
import { at, Fleet, rejectionOf } from './fleet';
import { forgedCursors } from './forged-cursors';
import { useStores, type MakeStores } from './stores-under-test';

/** What every AttentionQueue does. */
export function describeAttentionQueue(name: string, make: MakeStores): void {
  describe(`${name} as an AttentionQueue`, () => {
    describeWaiting(make);
    describeSilence(make);
  });
}

function describeWaiting(make: MakeStores): void {
  describe('list', () => {
    const stores = useStores(make);

    /** Three migrations with what waits since these seconds: `a` and `b` at the same time, in all of them. */
    async function waiting(): Promise<void> {
      for (const [index, migration] of ['one', 'two', 'three'].entries()) {
        const fleet = await new Fleet(stores, migration).with('a', 'b', 'c', 'd', 'idle');
        for (const id of ['a', 'b', 'c', 'd']) await fleet.run(id);
        await fleet.project('b', 1, { status: 'failed', updatedAt: at(50) });
        await fleet.project('a', 1, { status: 'failed', updatedAt: at(50) });
        await fleet.project('c', 1, { status: 'awaiting_review', updatedAt: at(40 + 10 * index) });
        await fleet.project('d', 1, { status: 'open' });
      }
      // Nothing of it waits.
      await new Fleet(stores, 'quiet').with('a');
    }

    const idsOf = async (over: Partial<AttentionRequest> = {}) => {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const next = cursor === undefined ? {} : { cursor };
        const page = await stores.attention.list({ limit: 100, ...over, ...next });
        ids.push(...page.rows.map(({ migrationId, row }) => `${migrationId} ${row.candidate.id}`));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return ids;
    };

    const FAILED = ['one a', 'one b', 'three a', 'three b', 'two a', 'two b'];
    const ALL = ['one c', ...FAILED.slice(0, 4), 'two a', 'two b', 'two c', 'three c'];

    it('tells what waits in any migration, the longest waiting first, whatever the length of pages', async () => {
      await waiting();
      for (const limit of [100, 1, 2, 3, 8, 9, 10]) expect(await idsOf({ limit })).toEqual(ALL);
      const { rows, counts } = await stores.attention.list({ limit: 2 });
      expect(rows[1]).toEqual({ migrationId: 'one', row: await new Fleet(stores, 'one').row('a') });
      expect(counts).toEqual({
        attention: 9,
        attentionByKind: { step_failed: 6, awaiting_review: 3, stale: 0 },
      });
    });

    it.each<[AttentionKind[], string[]]>([
      [['step_failed'], FAILED],
      [['awaiting_review'], ['one c', 'two c', 'three c']],
      [['awaiting_review', 'step_failed', 'step_failed'], ALL],
      [['stale'], []],
      [[], []],
    ])('narrows to the kinds %j', async (kinds, ids) => {
      await waiting();
      for (const limit of [100, 1, 2]) expect(await idsOf({ kinds, limit })).toEqual(ids);
      expect((await stores.attention.list({ limit: 1, kinds })).counts.attention).toBe(9);
    });

    it('forgets what waits no longer, and stays complete for the others while pages are read', async () => {
      await waiting();
      const { nextCursor = '' } = await stores.attention.list({ limit: 3 });
      const one = new Fleet(stores, 'one');
      await one.complete('b', 2);
      await new Fleet(stores, 'two').cancel('a');
      await new Fleet(stores, 'two').settle('a');
      const rest = await stores.attention.list({ limit: 100, cursor: nextCursor });
      expect(rest.rows.map(({ row }) => row.candidate.id)).toEqual(['a', 'b', 'b', 'c', 'c']);
      expect(await idsOf()).toEqual(ALL.filter((id) => id !== 'one b' && id !== 'two a'));
    });

    it('is empty where nothing waits, and refuses cursors of other lists', async () => {
      const counts = { attention: 0, attentionByKind: { step_failed: 0, awaiting_review: 0, stale: 0 } };
      expect(await stores.attention.list({ limit: 1 })).toEqual({ rows: [], counts });
      await waiting();
      const ofKind = (await stores.attention.list({ limit: 1, kinds: ['step_failed'] })).nextCursor ?? '';
      const own = (await stores.attention.list({ limit: 1 })).nextCursor ?? '';
      for (const cursor of [ofKind, ...forgedCursors(own, ['number', 'string', 'string'])]) {
        const refused = stores.attention.list({ limit: 1, cursor });
        expect(await rejectionOf(refused)).toBeInstanceOf(InvalidRequestError);
      }
    });
  });
}
