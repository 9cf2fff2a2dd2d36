import { MigrationNotFoundError } from '@loom/domain';
import { at, definition, Fleet, MIGRATION, pause, rejectionOf } from './fleet';
import { key, REPEATED } from './run-answers';
import { useStores, type MakeStores } from './stores-under-test';

const OWN = { migrationId: MIGRATION };
const ANN = { at: at(50), by: 'ann', reason: 'a "bad" chart\n✓' };

/** What every ControlStore does. */
export function describeControlStore(name: string, make: MakeStores): void {
  describe(`${name} as a ControlStore`, () => {
    const stores = useStores(make);
    const shown = async () => (await stores.migrations.get(MIGRATION))?.paused;
    const listed = async () => (await stores.migrations.list({ limit: 9 })).rows;

    it('shows who paused a migration and why, wherever the migration is shown', async () => {
      await new Fleet(stores).with('a');
      await stores.migrations.announce(definition({ id: 'other' }), at(0));
      await pause(stores, OWN, ANN);
      const paused = { ...ANN, scope: 'migration' };
      expect(await shown()).toEqual(paused);
      expect(await listed()).toMatchObject([{ id: MIGRATION, paused }, { id: 'other' }]);
      expect((await listed())[1]).not.toHaveProperty('paused');
      expect((await stores.migrations.announce(definition(), at(60))).paused).toEqual(paused);
      expect(await stores.controls.read()).toEqual({ running: 0 });
      await stores.controls.resume(OWN, at(70));
      expect(await shown()).toBeUndefined();
      expect((await listed())[0]).not.toHaveProperty('paused');
    });

    it('shows a pause of all on each migration, and ends it for all, but for those paused by themselves', async () => {
      await new Fleet(stores).with('a');
      await stores.migrations.announce(definition({ id: 'other' }), at(0));
      await pause(stores, 'all', { at: at(51), by: 'bob' });
      const all = { at: at(51), by: 'bob', scope: 'all' };
      expect(await stores.controls.read()).toEqual({ paused: { at: at(51), by: 'bob' }, running: 0 });
      expect((await listed()).map(({ paused }) => paused)).toEqual([all, all]);
      await pause(stores, OWN, ANN);
      const own = { ...ANN, scope: 'migration' };
      expect((await listed()).map(({ paused }) => paused)).toEqual([own, all]);
      expect(await shown()).toEqual(own);
      expect((await stores.migrations.announce(definition({ id: 'other' }), at(60))).paused).toEqual(all);
      await stores.controls.resume('all', at(70));
      expect((await listed()).map(({ paused }) => paused)).toEqual([own, undefined]);
      expect(await stores.controls.read()).toEqual({ running: 0 });
    });

    it('keeps the first author of a pause, and ends what is not paused without harm', async () => {
      await new Fleet(stores).with('a');
      for (const scope of [OWN, 'all'] as const) {
        await stores.controls.resume(scope, at(1));
        await pause(stores, scope, ANN);
        await pause(stores, scope, { at: at(99), by: 'bob' });
        expect(await shown()).toMatchObject(ANN);
        await stores.controls.resume(scope, at(2));
        await stores.controls.resume(scope, at(3));
        expect(await shown()).toBeUndefined();
      }
    });

    it('pauses again what was paused before a loss, unless that pause has ended since, or all are paused', async () => {
      await new Fleet(stores).with('a');
      const by = { actor: { id: 'reconciliation', role: 'system' }, reason: 'lost' } as const;
      const again = (since: string) => stores.controls.pauseAgain(MIGRATION, since, at(60), by);
      const paused = { at: at(60), by: 'reconciliation', reason: 'lost', scope: 'migration' };
      await again(at(1));
      expect(await shown()).toEqual(paused);
      await stores.controls.resume(OWN, at(10));
      await again(at(10));
      expect(await shown()).toBeUndefined();
      await again(at(11));
      expect(await shown()).toEqual(paused);
      await stores.controls.resume(OWN, at(12));
      await pause(stores, 'all', ANN);
      await again(at(90));
      expect(await shown()).toEqual({ ...ANN, scope: 'all' });
      await stores.controls.resume('all', at(20));
      await again(at(20));
      expect(await shown()).toBeUndefined();
      await again(at(21));
      expect(await shown()).toEqual(paused);
      const unknown = stores.controls.pauseAgain('nothing', at(99), at(99), by);
      expect(await rejectionOf(unknown)).toBeInstanceOf(MigrationNotFoundError);
    });

    it('audits what it changed, of all migrations as of none of them, and nothing else', async () => {
      await new Fleet(stores).with('a');
      const by = {
        actor: { id: 'ann', role: 'operator' },
        requestId: 'r',
        from: '10.0.0.7',
        reason: 'why',
      } as const;
      const list = async (migrationId?: string) =>
        (await stores.audit.list({ limit: 9, ...(migrationId === undefined ? {} : { migrationId }) })).rows;
      const before = (await list()).length;
      for (const scope of [OWN, 'all'] as const) {
        await stores.controls.resume(scope, at(1), by);
        await stores.controls.pause(scope, at(2), by);
        await stores.controls.pause(scope, at(3), by);
        await stores.controls.resume(scope, at(4), by);
      }
      const paused = { action: 'pause', ...by, before: { paused: false }, after: { paused: true } };
      const resumed = { action: 'resume', ...by, before: { paused: true }, after: { paused: false } };
      const own = { migrationId: MIGRATION };
      expect((await list(MIGRATION)).slice(0, 2)).toMatchObject([
        { ...resumed, ...own },
        { ...paused, ...own },
      ]);
      const all = await list();
      expect(all.filter(({ migrationId }) => migrationId === undefined)).toMatchObject([resumed, paused]);
      expect(all).toHaveLength(before + 4);
    });

    it('refuses an unknown migration', async () => {
      const nothing = { migrationId: 'nothing' };
      for (const refused of [pause(stores, nothing, ANN), stores.controls.resume(nothing, at(1))])
        expect(await rejectionOf(refused)).toBeInstanceOf(MigrationNotFoundError);
    });

    it('lets nothing be reserved while paused, repeats excepted, and queue, dequeue and cancel go on', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      const first = await fleet.draft('a', key('k'));
      await stores.runs.reserve(first);
      await pause(stores, OWN, ANN);
      const draft = await fleet.draft('b');
      const refused = { outcome: 'refused', because: 'paused' };
      expect(await stores.runs.reserve(draft)).toEqual(refused);
      expect(await stores.runs.reserve(first)).toEqual(REPEATED);
      expect(await stores.runs.reserve(await fleet.draft('a'))).toMatchObject({ because: 'status' });
      expect(await fleet.queue('b')).toEqual({ outcome: 'queued' });
      expect(await stores.runs.reserve(await fleet.draft('b'))).toEqual(refused);
      expect(await fleet.dequeue('b')).toEqual({ outcome: 'dequeued' });
      await fleet.queue('c');
      expect(await fleet.cancel('c')).toEqual({ outcome: 'ended_queued' });
      expect(await fleet.cancel('a')).toMatchObject({ outcome: 'recorded' });
      await stores.controls.resume(OWN, at(60));
      expect(await stores.runs.reserve(draft)).toMatchObject({ outcome: 'reserved' });
    });

    it('lets nothing be reserved by one who knows of a pause of all', async () => {
      const fleet = await new Fleet(stores).with('a');
      const first = await fleet.draft('a', key('k'));
      expect(await stores.runs.reserve({ ...first, isPaused: true })).toMatchObject({ because: 'paused' });
      await stores.runs.reserve(first);
      expect(await stores.runs.reserve({ ...first, isPaused: true })).toEqual(REPEATED);
    });
  });
}
