import { at, Fleet } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** What every RepairQueue does. */
export function describeRepairQueue(name: string, make: MakeStores): void {
  describe(`${name} as a RepairQueue`, () => {
    const stores = useStores(make);
    const unstarted = async (before: string, limit = 10) =>
      (await stores.repair.unstarted(before, limit)).map((manifest) => manifest.runId);
    const pending = async (before: string, limit = 10) =>
      (await stores.repair.pendingCancels(before, limit)).map((cancel) => cancel.runId);

    it('finds reservations of every migration without a first act, the oldest first', async () => {
      expect(await unstarted(at(999))).toEqual([]);
      const one = await new Fleet(stores, 'one').with('a', 'b');
      const two = await new Fleet(stores, 'two').with('a', 'b');
      const newest = await one.reserve('a', { reservedAt: at(30) });
      await two.reserve('b', { reservedAt: at(20) });
      await one.reserve('b', { reservedAt: at(10) });
      await two.run('a', { reservedAt: at(5) });
      expect(await unstarted(at(999))).toEqual(['one__b', 'two__b', 'one__a']);
      expect(await unstarted(at(30))).toEqual(['one__b', 'two__b']);
      expect(await unstarted(at(999), 1)).toEqual(['one__b']);
      expect((await stores.repair.unstarted(at(999), 3))[2]).toEqual(newest);
      expect(await pending(at(999))).toEqual([]);
    });

    it('forgets what was begun, given back or settled', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      await fleet.run('a');
      await stores.runs.giveBack(await fleet.reserve('b'), at(7));
      await fleet.reserve('c');
      await fleet.settle('c');
      expect(await unstarted(at(999))).toEqual([]);
    });

    it('still finds a reservation under a recorded cancel, so that a workflow settles it', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.reserve('a');
      await fleet.cancel('a');
      expect(await unstarted(at(999))).toEqual(['move__a']);
      expect(await stores.repair.pendingCancels(at(999), 9)).toEqual([
        {
          runId: 'move__a',
          migrationId: 'move',
          candidateId: 'a',
          runAttempt: 1,
          requestedAt: at(100),
        },
      ]);
    });

    it('finds recorded cancels that are not settled, the oldest first', async () => {
      const one = await new Fleet(stores, 'one').with('a', 'b', 'q');
      const two = await new Fleet(stores, 'two').with('a');
      for (const fleet of [one, two]) await fleet.run('a');
      await one.run('b');
      await one.cancel('a', { at: at(30) });
      await one.cancel('a', { at: at(5) });
      await two.cancel('a', { at: at(20) });
      await one.cancel('b', { at: at(10) });
      await one.queue('q');
      await one.cancel('q', { at: at(1) });
      expect(await pending(at(999))).toEqual(['one__b', 'two__a', 'one__a']);
      expect(await pending(at(30))).toEqual(['one__b', 'two__a']);
      expect(await stores.repair.pendingCancels(at(999), 1)).toMatchObject([
        { runId: 'one__b', runAttempt: 1, executionId: 'execution-b-1', requestedAt: at(10) },
      ]);
      await one.settle('b');
      expect(await pending(at(999))).toEqual(['two__a', 'one__a']);
      expect(await pending(at(999), 1)).toEqual(['two__a']);
    });

    it('brings what spans migrations to what each migration says', async () => {
      const one = await new Fleet(stores, 'one').with('a', 'b');
      const two = await new Fleet(stores, 'two').with('a');
      await one.queue('a');
      await two.run('a');
      await stores.repair.rederive();
      const said = [await stores.migrations.get('one'), await stores.migrations.get('two')];
      expect((await stores.migrations.list({ limit: 9 })).rows).toEqual(said);
      expect(said).toMatchObject([{ counts: { queued: 1 } }, { counts: { running: 1 } }]);
      expect(await stores.repair.rederive()).toBe(0);
    });
  });
}
