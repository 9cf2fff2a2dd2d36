import { at, Fleet, MIGRATION, pause } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

const OWN = { migrationId: MIGRATION };
const ANN = { at: at(50), by: 'ann' };
const SENDS = { dispatches: true };

/** What every HeldRuns does, and how a RunLedger holds a run. */
export function describeHeldRuns(name: string, make: MakeStores): void {
  describe(`${name} as HeldRuns`, () => {
    const stores = useStores(make);
    const due = async (before = at(999), limit = 9, migrationId?: string) =>
      (await stores.held.due(before, limit, migrationId)).map(({ runId }) => runId);

    it('holds a run whose view dispatches while paused, and shows the view; once resumed, that view lets it go', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await pause(stores, OWN, ANN);
      expect(await fleet.project('a', 1, {}, SENDS)).toBe('paused');
      const { run, updatedAt } = await fleet.row('a');
      expect([run?.heldSince, updatedAt, run?.seq]).toEqual([at(7), at(7), 1]);
      expect(run?.steps).toMatchObject([{ status: 'in_progress' }, {}]);
      expect(await due()).toEqual([]);
      const before = [await fleet.row('a'), await stores.events.position('all')];
      expect(await fleet.project('a', 1, {}, { ...SENDS, at: at(80) })).toBe('paused');
      expect([await fleet.row('a'), await stores.events.position('all')]).toEqual(before);

      await stores.controls.resume(OWN, at(60));
      expect(await stores.held.due(at(999), 9)).toEqual([
        { runId: 'move__a', migrationId: 'move', candidateId: 'a', runAttempt: 1 },
      ]);
      expect(await fleet.project('a', 1, {}, SENDS)).toBe('applied');
      expect((await fleet.row('a')).run).not.toHaveProperty('heldSince');
      expect(await due()).toEqual([]);
    });

    it('holds a run that says that all are paused, also with a view that stands there already', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      expect(await fleet.project('a', 1, {}, SENDS)).toBe('applied');
      expect(await fleet.project('a', 1, {}, { ...SENDS, holds: true })).toBe('paused');
      expect((await fleet.row('a')).run?.heldSince).toBe(at(7));
      await pause(stores, 'all', ANN);
      expect(await due()).toEqual([]);
      await stores.controls.resume('all', at(60));
      expect(await due()).toEqual(['move__a']);
      expect(await fleet.project('a', 1, {}, SENDS)).toBe('applied');
      expect(await due()).toEqual([]);
    });

    it('keeps a run held while only its inputs change, and not when its step has ended', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      for (const id of ['a', 'b']) {
        await fleet.run(id);
        await fleet.project(id, 1, {}, { ...SENDS, holds: true });
      }
      expect(await fleet.project('a', 2, {}, { inputs: { x: '1' } })).toBe('applied');
      expect((await fleet.row('a')).run).toMatchObject({ heldSince: at(7), inputs: { x: '1' } });
      await fleet.project('b', 2, { status: 'failed' });
      expect((await fleet.row('b')).run).not.toHaveProperty('heldSince');
      expect(await due()).toEqual(['move__a']);
    });

    it('holds nothing under a recorded cancel, and forgets what is settled or completed', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      for (const id of ['a', 'b', 'c']) await fleet.run(id);
      await pause(stores, OWN, ANN);
      for (const id of ['a', 'b']) await fleet.project(id, 1, {}, SENDS);
      for (const id of ['a', 'c']) await fleet.cancel(id);
      expect(await fleet.project('c', 1, {}, SENDS)).toBe('cancelled');
      await stores.controls.resume(OWN, at(60));
      expect(await due()).toEqual(['move__a', 'move__b']);
      await fleet.settle('a');
      await fleet.complete('b', 2);
      expect(await due()).toEqual([]);
      expect((await fleet.row('b')).run).not.toHaveProperty('heldSince');
      await fleet.reserve('a');
      expect((await fleet.row('a')).run).not.toHaveProperty('heldSince');
    });

    it('lists the oldest first, of one migration or all that are not paused, and those told behind the others', async () => {
      const [one, two] = [new Fleet(stores, 'one'), new Fleet(stores, 'two')];
      for (const [fleet, id, seq] of [
        [one, 'a', 3],
        [one, 'b', 1],
        [two, 'c', 2],
      ] as const) {
        await fleet.with(id);
        await fleet.run(id);
        await fleet.project(id, seq, {}, { ...SENDS, holds: true });
      }
      expect(await due()).toEqual(['one__b', 'two__c', 'one__a']);
      expect(await due(at(9))).toEqual(['one__b', 'two__c']);
      expect(await due(at(8))).toEqual(['one__b']);
      expect(await due(at(999), 2)).toEqual(['one__b', 'two__c']);
      expect(await due(at(999), 9, 'one')).toEqual(['one__b', 'one__a']);
      await pause(stores, { migrationId: 'one' }, ANN);
      expect(await due()).toEqual(['two__c']);
      await stores.controls.resume({ migrationId: 'one' }, at(60));

      const [first, second] = await stores.held.due(at(999), 2);
      if (first === undefined || second === undefined) throw new Error('two are due');
      await one.project('b', 2, {}, SENDS);
      await stores.held.told([first, second], at(100));
      expect(await due(at(100))).toEqual(['one__a']);
      expect(await due()).toEqual(['one__a', 'two__c']);
      expect(await due(at(999), 9, 'nothing')).toEqual([]);
    });
  });
}
