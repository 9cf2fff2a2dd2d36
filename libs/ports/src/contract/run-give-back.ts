import { at, Fleet } from './fleet';
import { REPEATED, key } from './run-answers';
import { useStores, type MakeStores } from './stores-under-test';

/** How every RunStore undoes a reservation. */
export function describeGiveBack(make: MakeStores): void {
  describe('giveBack', () => {
    const stores = useStores(make);

    it('makes a queued one queued again, with the inputs that it had', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.queue('a', { inputs: { x: '1' } });
      const before = await fleet.row('a');
      const manifest = await fleet.reserve('a', { inputs: { x: '2' } });
      expect(await stores.runs.giveBack(manifest, at(7))).toBe(true);
      expect(await fleet.row('a')).toEqual({
        ...before,
        updatedAt: at(7),
        run: { ...before.run, updatedAt: at(7) },
      });
      expect(await stores.reader.manifest('move', 'a')).toBeUndefined();
      expect(await stores.reader.nonce('move', 'a', 1)).toBeUndefined();
      expect((await fleet.reserve('a')).runAttempt).toBe(2);
    });

    it('makes a not_started one not_started again, and forgets the idempotency key', async () => {
      const fleet = await new Fleet(stores).with('a');
      const manifest = await fleet.reserve('a', key('k'));
      expect(await stores.runs.giveBack(manifest, at(7))).toBe(true);
      expect(await fleet.row('a')).toEqual({
        candidate: { id: 'a' },
        status: 'not_started',
        updatedAt: at(7),
      });
      const again = await stores.runs.reserve(await fleet.draft('a', key('k', 'other')));
      expect(again).toMatchObject({ outcome: 'reserved', manifest: { runAttempt: 2 } });
    });

    it('undoes nothing twice, of another attempt, or after the first act', async () => {
      const fleet = await new Fleet(stores).with('a');
      const first = await fleet.reserve('a');
      expect(await stores.runs.giveBack({ ...first, runAttempt: 2 }, at(7))).toBe(false);
      expect(await stores.runs.giveBack(first, at(7))).toBe(true);
      expect(await stores.runs.giveBack(first, at(7))).toBe(false);
      const second = await fleet.run('a');
      expect(await stores.runs.giveBack(first, at(7))).toBe(false);
      expect(await stores.runs.giveBack(second, at(7))).toBe(false);
      expect((await fleet.row('a')).run).toMatchObject({ status: 'running', attempt: 2 });
    });

    it('undoes nothing once a repeat was answered from it, whose caller was promised the run', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      const draft = await fleet.draft('a', key('k'));
      const manifest = await fleet.reserve('a', key('k'));
      const before = [await fleet.row('a'), await stores.events.position('all')];
      expect(await stores.runs.reserve(draft)).toEqual(REPEATED);
      expect(await stores.runs.giveBack(manifest, at(7))).toBe(false);
      expect([await fleet.row('a'), await stores.events.position('all')]).toEqual(before);
      expect(await stores.repair.unstarted(at(999), 9)).toEqual([manifest]);
      await fleet.begin('a');
      await fleet.cancel('a');
      await fleet.settle('a');
      const second = await fleet.reserve('a', key('k2'));
      expect(await stores.runs.reserve(draft)).toEqual(REPEATED);
      expect(await stores.runs.giveBack(second, at(8))).toBe(true);
    });

    it('undoes nothing under a recorded cancel, which its caller was promised', async () => {
      const fleet = await new Fleet(stores).with('a');
      const manifest = await fleet.reserve('a');
      await fleet.cancel('a');
      expect(await stores.runs.giveBack(manifest, at(7))).toBe(false);
      expect(await fleet.begin('a')).toBe('cancelled');
    });
  });
}
