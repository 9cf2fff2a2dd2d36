import { MigrationNotFoundError } from '@loom/domain';
import { at, definition, Fleet, MIGRATION, pause, rejectionOf } from './fleet';
import { CHANGED, key, MISMATCH, REPEATED } from './run-answers';
import { NO_VERSION } from '../run-store';
import { useStores, type MakeStores } from './stores-under-test';

const OWN = { migrationId: MIGRATION };
const FULL = { outcome: 'refused', because: 'run_limit' };

/** How every ControlStore limits what is running. */
export function describeRunLimits(name: string, make: MakeStores): void {
  describe(`${name} as a ControlStore that limits what is running`, () => {
    const stores = useStores(make);
    const shown = async () => (await stores.migrations.get(MIGRATION))?.limits;
    const listed = async () => (await stores.migrations.list({ limit: 9 })).rows.map(({ limits }) => limits);

    it('shows the limit of a migration wherever it is shown, until it is taken away', async () => {
      await new Fleet(stores).with('a');
      await stores.controls.limit(OWN, { maxRunning: 3 }, at(1));
      expect([await shown(), await listed()]).toEqual([{ maxRunning: 3 }, [{ maxRunning: 3 }]]);
      expect((await stores.migrations.announce(definition(), at(2))).limits).toEqual({ maxRunning: 3 });
      await stores.controls.limit(OWN, {}, at(3));
      expect([await shown(), await listed()]).toEqual([undefined, [undefined]]);
      const nothing = stores.controls.limit({ migrationId: 'nothing' }, {}, at(1));
      expect(await rejectionOf(nothing)).toBeInstanceOf(MigrationNotFoundError);
    });

    it('shows the limit of all with what is running, and not on a migration', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      await fleet.run('a');
      await stores.controls.limit('all', { maxRunning: 3 }, at(1));
      expect(await stores.controls.read()).toEqual({ limits: { maxRunning: 3 }, running: 1 });
      expect(await shown()).toBeUndefined();
      await fleet.complete('a', 1);
      expect(await stores.controls.read()).toMatchObject({ running: 0 });
      await stores.controls.limit('all', {}, at(1));
      expect(await stores.controls.read()).toEqual({ running: 0 });
    });

    it.each([
      ['of its migration', OWN],
      ['of all', 'all' as const],
    ])('reserves no more than the limit %s, and as soon as one has ended the next', async (_, scope) => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c', 'd');
      await fleet.queue('d');
      const first = await fleet.draft('a', key('k'));
      await stores.runs.reserve(first);
      await stores.controls.limit(scope, { maxRunning: 2 }, at(1));
      await fleet.begin('a');
      await fleet.run('b');
      for (const id of ['c', 'd']) expect(await stores.runs.reserve(await fleet.draft(id))).toEqual(FULL);
      expect((await fleet.row('d')).status).toBe('queued');
      expect(await stores.runs.reserve(first)).toEqual(REPEATED);
      expect(await stores.runs.reserve(await fleet.draft('a'))).toMatchObject({ because: 'status' });

      await fleet.complete('a', 1);
      const taken = await fleet.reserve('c');
      expect(await stores.runs.reserve(await fleet.draft('d'))).toEqual(FULL);
      expect(await stores.runs.giveBack(taken, at(7))).toBe(true);
      await fleet.reserve('d');
      await stores.controls.limit(scope, {}, at(8));
      await fleet.reserve('c');
    });

    it('counts what runs already, in every migration, and ends nothing of it', async () => {
      const [one, two] = [new Fleet(stores, 'one'), new Fleet(stores, 'two')];
      for (const fleet of [one, two]) {
        await fleet.with('a', 'b');
        await fleet.run('a');
      }
      await stores.controls.limit('all', { maxRunning: 1 }, at(1));
      expect(await stores.runs.reserve(await one.draft('b'))).toEqual(FULL);
      await one.complete('a', 1);
      expect(await stores.runs.reserve(await two.draft('b'))).toEqual(FULL);
      await two.complete('a', 1);
      await two.reserve('b');
      expect(await stores.runs.reserve(await one.draft('b'))).toEqual(FULL);
      await stores.controls.limit('all', { maxRunning: 2 }, at(2));
      await stores.controls.limit({ migrationId: 'two' }, { maxRunning: 1 }, at(2));
      await one.reserve('b');
    });

    it('takes no place for what is refused', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      await stores.controls.limit('all', { maxRunning: 2 }, at(1));
      const draft = await fleet.draft('a', key('k'));
      await fleet.run('a', key('k'));
      const changed = { ...(await fleet.draft('b')), definitionRevision: 0 };
      for (const refused of [draft, await fleet.draft('a'), changed, changed]) {
        expect((await stores.runs.reserve(refused)).outcome).not.toBe('reserved');
      }
      await pause(stores, OWN, { at: at(1), by: 'ann' });
      expect(await stores.runs.reserve(await fleet.draft('b'))).toMatchObject({ because: 'paused' });
      await stores.controls.resume(OWN, at(1));
      await fleet.reserve('b');
      expect(await stores.runs.reserve(await fleet.draft('c'))).toEqual(FULL);
    });

    it('takes none, not even for a moment, for what was read as refused, and answers it as ever', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      await fleet.run('a', key('k'));
      await stores.controls.limit('all', { maxRunning: 2 }, at(1));
      const vain = async (id: string, over: Parameters<Fleet['draft']>[1] = {}) => ({
        ...(await fleet.draft(id, over)),
        candidateVersion: NO_VERSION,
      });
      const drafts = [
        await vain('a'),
        await vain('a', key('k')),
        await vain('a', key('k', 'another')),
        await fleet.draft('b'),
      ];
      const answers = await Promise.all(drafts.map((draft) => stores.runs.reserve(draft)));
      expect(answers).toMatchObject([
        { because: 'status', run: { status: 'running', attempt: 1 } },
        REPEATED,
        MISMATCH,
        { outcome: 'reserved' },
      ]);
      // It is not reserved either, where it could be by now.
      await fleet.submit('c');
      await stores.controls.limit('all', {}, at(2));
      expect(await stores.runs.reserve(await vain('c'))).toEqual(CHANGED);
      await pause(stores, OWN, { at: at(3), by: 'ann' });
      expect(await stores.runs.reserve(await vain('c'))).toMatchObject({ because: 'paused' });
    });

    it.each([
      ['of their migration', OWN],
      ['of all', 'all' as const],
    ])('lets 30 at once never exceed the limit %s', async (_, scope) => {
      const ids = Array.from({ length: 30 }, (_one, index) => `c${index}`);
      const fleet = await new Fleet(stores).with(...ids);
      await stores.controls.limit(scope, { maxRunning: 7 }, at(1));
      const drafts = await Promise.all(ids.map((id) => fleet.draft(id)));
      const results = await Promise.all(drafts.map((draft) => stores.runs.reserve(draft)));
      expect(results.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(7);
      expect((await fleet.list()).counts.running).toBe(7);
    });
  });
}
