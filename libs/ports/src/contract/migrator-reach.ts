import { UNREACHABLE_KEPT } from '../migrator-reach';
import { at, definition, Fleet, pause } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** What every MigratorReach does. */
export function describeMigratorReach(name: string, make: MakeStores): void {
  describe(`${name} as a MigratorReach`, () => {
    const stores = useStores(make);
    const DETAIL = 'cannot reach http://mover.test: "refused" ✓';
    const noted = async () =>
      (await stores.migrations.list({ limit: 9 })).rows.map(({ id, migratorUnreachable }) => [
        id,
        migratorUnreachable,
      ]);

    it('notes since when, and why last, on each migration of the app, until it is found', async () => {
      await new Fleet(stores, 'a').with();
      await new Fleet(stores, 'b').with();
      await stores.migrations.announce(definition({ id: 'c', migratorApp: 'another' }), at(0));
      await stores.reach.lost('mover', 'first', at(5));
      await stores.reach.lost('mover', DETAIL, at(6));
      const known = { since: at(5), detail: DETAIL };
      expect(await stores.reach.of('mover')).toEqual(known);
      expect(await noted()).toEqual([
        ['a', known],
        ['b', known],
        ['c', undefined],
      ]);
      expect((await stores.migrations.get('a'))?.migratorUnreachable).toEqual(known);
      expect(await stores.migrations.get('c')).not.toHaveProperty('migratorUnreachable');
      await stores.reach.found('mover');
      await stores.reach.found('mover');
      expect(await stores.reach.of('mover')).toBeUndefined();
      expect(await noted()).toEqual(['a', 'b', 'c'].map((id) => [id, undefined]));
      await stores.reach.lost('mover', DETAIL, at(9));
      expect(await stores.reach.of('mover')).toEqual({ since: at(9), detail: DETAIL });
    });

    it('ends with an announce that is newer than the last, and with no other write', async () => {
      const fleet = await new Fleet(stores).with('x');
      await stores.reach.lost('mover', DETAIL, at(5));
      await fleet.run('x');
      await stores.repair.rederive();
      expect((await stores.migrations.get('move'))?.migratorUnreachable).toBeDefined();
      const announced = await stores.migrations.announce(definition(), at(7));
      expect(announced).not.toHaveProperty('migratorUnreachable');
      expect(await stores.migrations.get('move')).toEqual(announced);
      await stores.reach.lost('mover', DETAIL, at(8));
      await stores.migrations.announce(definition(), at(7));
      const known = { since: at(8), detail: DETAIL };
      expect((await stores.migrations.get('move'))?.migratorUnreachable).toEqual(known);
    });

    it('has nothing to do with a pause of all', async () => {
      await new Fleet(stores).with();
      await stores.reach.lost('mover', DETAIL, at(5));
      await pause(stores, 'all', { at: at(6), by: 'ann' });
      for (const migration of [
        await stores.migrations.get('move'),
        (await stores.migrations.list({ limit: 1 })).rows[0],
      ])
        expect(migration).toMatchObject({ paused: { by: 'ann' }, migratorUnreachable: { since: at(5) } });
      await stores.controls.resume('all', at(7));
      expect(await stores.controls.read()).not.toHaveProperty('paused');
      expect((await stores.migrations.get('move'))?.migratorUnreachable).toBeDefined();
    });

    it(`notes at most ${UNREACHABLE_KEPT} apps: that which was lost first gives way to a new one`, async () => {
      await pause(stores, 'all', { at: at(6), by: 'ann' });
      const apps = Array.from({ length: UNREACHABLE_KEPT }, (_, index) => `app-${index}`);
      for (const app of apps) await stores.reach.lost(app, DETAIL, at(app === 'app-7' ? 1 : 2));
      const gone = async () => {
        const known = await Promise.all(apps.map((app) => stores.reach.of(app)));
        return apps.filter((_, index) => known[index] === undefined);
      };
      await stores.reach.lost('app-7', 'other', at(3));
      expect(await stores.reach.of('app-7')).toEqual({ since: at(1), detail: 'other' });
      expect(await gone()).toEqual([]);
      await stores.reach.lost('new', DETAIL, at(4));
      expect(await stores.reach.of('new')).toEqual({ since: at(4), detail: DETAIL });
      expect(await gone()).toEqual(['app-7']);
      // Of those lost at one time it is the first by its name.
      await stores.reach.lost('app-7', DETAIL, at(5));
      expect(await stores.reach.of('app-7')).toEqual({ since: at(5), detail: DETAIL });
      expect(await gone()).toEqual(['app-0']);
      // Who was found again has left a place.
      await stores.reach.found('app-9');
      await stores.reach.lost('app-0', DETAIL, at(6));
      expect(await gone()).toEqual(['app-9']);
      expect(await stores.controls.read()).toMatchObject({ paused: { by: 'ann' } });
    });
  });
}
