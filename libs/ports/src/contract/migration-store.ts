import { InvalidRequestError, noCounts } from '@loom/domain';
import { at, definition, Fleet, rejectionOf } from './fleet';
import { describeArchive } from './migration-archive';
import { useStores, type MakeStores } from './stores-under-test';

/** What every MigrationStore does. */
export function describeMigrationStore(name: string, make: MakeStores): void {
  describe(`${name} as a MigrationStore`, () => {
    const stores = useStores(make);

    describeArchive(make);

    it('registers a definition with revision 1 and no counts', async () => {
      const expected = {
        ...definition(),
        revision: 1,
        createdAt: at(0),
        updatedAt: at(0),
        lastAnnouncedAt: at(0),
        counts: noCounts(),
      };
      expect(await stores.migrations.announce(definition(), at(0))).toEqual(expected);
      expect(await stores.migrations.get('move')).toEqual(expected);
    });

    it('knows nothing of another migration', async () => {
      expect(await stores.migrations.get('nothing')).toBeUndefined();
    });

    it('keeps every authored field, empty lists and large numbers included', async () => {
      const full = definition({
        overview: [],
        requiredInputs: [{ name: 'team', label: 'Team', description: 'Who: "x" \\ \n ünï ✓' }],
        steps: [
          {
            name: 'a',
            migratorApp: 'mover',
            config: {},
            files: [],
            timeoutSeconds: 123_456_789_012_345,
            type: 'manual-review',
          },
        ],
      });
      await stores.migrations.announce(full, at(0));
      expect(await stores.migrations.get('move')).toMatchObject(full);
    });

    it('replaces by id: the revision grows and updatedAt moves only with a change, createdAt stays', async () => {
      await stores.migrations.announce(definition(), at(0));
      const same = await stores.migrations.announce(definition(), at(1));
      expect(same).toMatchObject({ revision: 1, updatedAt: at(0), lastAnnouncedAt: at(1) });
      const changed = await stores.migrations.announce(definition({ name: 'Moved' }), at(2));
      expect(changed).toMatchObject({
        name: 'Moved',
        revision: 2,
        createdAt: at(0),
        updatedAt: at(2),
        lastAnnouncedAt: at(2),
      });
      expect(await stores.migrations.get('move')).toEqual(changed);
    });

    it('does not take another order of keys, or a null list, for a change', async () => {
      await stores.migrations.announce(definition({ steps: [step({ a: '1', b: '2' })] }), at(0));
      const again = definition({ steps: [step({ b: '2', a: '1' })] });
      const nulls = { ...again, overview: null, requiredInputs: null } as unknown as typeof again;
      expect(await stores.migrations.announce(nulls, at(1))).toMatchObject({ revision: 1 });
    });

    it('never touches candidates or runs', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      await fleet.queue('b');
      await fleet.run('c');
      const before = await fleet.list();
      await stores.migrations.announce(definition({ name: 'Other', steps: [] }), at(9));
      const after = await fleet.list();
      expect(after.rows).toEqual(before.rows);
      expect((await stores.migrations.get('move'))?.counts).toEqual(before.counts);
    });

    it('counts as of now', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      await fleet.queue('a');
      await fleet.run('b');
      await fleet.project('b', 1, { status: 'failed' });
      const attentionByKind = { step_failed: 1, awaiting_review: 0, stale: 0 };
      const counts = {
        not_started: 1,
        queued: 1,
        running: 1,
        completed: 0,
        total: 3,
        attention: 1,
        attentionByKind,
      };
      expect((await stores.migrations.get('move'))?.counts).toEqual(counts);
      expect((await stores.migrations.list({ limit: 10 })).rows[0]?.counts).toEqual(counts);
    });

    it('loses no announce of many at once', async () => {
      const names = Array.from({ length: 20 }, (_, index) => `n${index}`);
      await Promise.all(names.map((n) => stores.migrations.announce(definition({ name: n }), at(0))));
      const migration = await stores.migrations.get('move');
      expect(migration?.revision).toBe(20);
      expect(names).toContain(migration?.name);
      expect((await stores.migrations.list({ limit: 10 })).rows).toEqual([migration]);
    });

    it('lists by id in pages, complete and without duplicates while others are announced', async () => {
      const ids = Array.from({ length: 25 }, (_, index) => `m${String(index).padStart(2, '0')}`);
      for (const id of [...ids].reverse()) await stores.migrations.announce(definition({ id }), at(0));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await stores.migrations.list(
          cursor === undefined ? { limit: 10 } : { limit: 10, cursor },
        );
        seen.push(...page.rows.map((row) => row.id));
        cursor = page.nextCursor;
        await stores.migrations.announce(definition({ id: `a${seen.length}` }), at(1));
      } while (cursor !== undefined);
      expect(seen).toEqual(ids);
    });

    it('has no next page after exactly one', async () => {
      await stores.migrations.announce(definition(), at(0));
      const page = await stores.migrations.list({ limit: 1 });
      expect(page.rows).toHaveLength(1);
      expect(page).not.toHaveProperty('nextCursor');
      expect(page.rows[0]).toEqual(await stores.migrations.get('move'));
    });

    it.each(['garbage!', 'e30', ''])('refuses the cursor %j', async (cursor) => {
      expect(await rejectionOf(stores.migrations.list({ limit: 1, cursor }))).toBeInstanceOf(
        InvalidRequestError,
      );
    });

    it('knows the URL last announced for an app, by any migration', async () => {
      expect(await stores.migrations.migratorUrl('mover')).toBeUndefined();
      await stores.migrations.announce(definition(), at(0));
      await stores.migrations.announce(definition({ id: 'other', migratorUrl: 'http://new.test' }), at(1));
      expect(await stores.migrations.migratorUrl('mover')).toBe('http://new.test');
      expect(await stores.migrations.migratorUrl('another')).toBeUndefined();
    });
  });
}

function step(config: Record<string, string>) {
  return { name: 'a', migratorApp: 'mover', config };
}
