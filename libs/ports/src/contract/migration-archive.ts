import { InvalidRequestError, MigrationNotFoundError, type AuditContext } from '@loom/domain';
import { at, definition, Fleet, rejectionOf } from './fleet';
import { key } from './run-answers';
import { dayAt, StatisticsFleet } from './statistics-fleet';
import { useStores, type MakeStores } from './stores-under-test';

const ANN: AuditContext = { actor: { id: 'ann', role: 'operator' }, reason: 'all "done" ✓' };
const REFUSED = { outcome: 'refused', because: 'archived' };

/** How every MigrationStore archives, and what every other store makes of it. */
export function describeArchive(make: MakeStores): void {
  describe('archive', () => {
    const stores = useStores(make);
    const archive = (id = 'move', by = ANN) => stores.migrations.archive(id, at(50), by);
    const listed = async (archived?: boolean) => {
      const query = archived === undefined ? { limit: 9 } : { limit: 9, archived };
      return (await stores.migrations.list(query)).rows.map(({ id }) => id);
    };

    it('takes a migration out of the list and puts it into another, until it is taken back', async () => {
      await new Fleet(stores).with('a');
      await new Fleet(stores, 'other').with();
      expect(await archive()).toBe('archived');
      const archived = { at: at(50), by: 'ann', reason: 'all "done" ✓' };
      const migration = await stores.migrations.get('move');
      expect(migration).toMatchObject({ archived, counts: { total: 1 } });
      expect([await listed(), await listed(false), await listed(true)]).toEqual([
        ['other'],
        ['other'],
        ['move'],
      ]);
      expect((await stores.migrations.list({ limit: 9, archived: true })).rows).toEqual([migration]);
      expect(await stores.migrations.archive('move', at(60), { actor: { id: 'bob', role: 'admin' } })).toBe(
        'archived',
      );
      expect(await stores.migrations.get('move')).toEqual(migration);
      await stores.migrations.unarchive('move', at(70), ANN);
      await stores.migrations.unarchive('move', at(71), ANN);
      expect(await stores.migrations.get('move')).not.toHaveProperty('archived');
      expect([await listed(), await listed(true)]).toEqual([['move', 'other'], []]);
      const { rows } = await stores.audit.list({ migrationId: 'move', limit: 2 });
      const told = { actor: ANN.actor, reason: ANN.reason, migrationId: 'move' };
      expect(rows).toMatchObject([
        { ...told, action: 'unarchive', before: { archived: true }, after: { archived: false } },
        { ...told, action: 'archive', before: { archived: false }, after: { archived: true } },
      ]);
    });

    it('keeps a missing reason missing, and refuses what is unknown', async () => {
      await new Fleet(stores).with();
      await archive('move', { actor: ANN.actor });
      expect((await stores.migrations.get('move'))?.archived).toEqual({ at: at(50), by: 'ann' });
      expect(await rejectionOf(archive('nothing'))).toBeInstanceOf(MigrationNotFoundError);
      const unarchive = stores.migrations.unarchive('nothing', at(1), ANN);
      expect(await rejectionOf(unarchive)).toBeInstanceOf(MigrationNotFoundError);
    });

    it('is refused while something is queued or running', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      await fleet.queue('a');
      expect(await archive()).toBe('in_use');
      await fleet.dequeue('a');
      await fleet.run('b');
      expect(await archive()).toBe('in_use');
      expect(await stores.migrations.get('move')).not.toHaveProperty('archived');
      expect((await stores.audit.list({ limit: 9, action: 'archive' })).rows).toEqual([]);
      await fleet.complete('b', 1);
      expect(await archive()).toBe('archived');
    });

    it('lets nothing be queued or reserved, but answers repeats of what was', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      const draft = await fleet.draft('a', key('k'));
      await stores.runs.reserve(draft);
      await fleet.begin('a');
      await fleet.complete('a', 1);
      await fleet.queue('b', key('q'));
      await fleet.dequeue('b');
      await archive();
      expect(await fleet.queue('a')).toEqual(REFUSED);
      expect(await fleet.queue('b')).toEqual(REFUSED);
      for (const from of ['queued', 'not_started_or_queued'] as const)
        expect(await stores.runs.reserve(await fleet.draft('b', { from }))).toEqual(REFUSED);
      expect(await stores.runs.reserve(draft)).toMatchObject({ outcome: 'repeated', attempt: 1 });
      expect(await fleet.queue('b', key('q'))).toMatchObject({ outcome: 'repeated' });
      expect((await fleet.list()).counts).toMatchObject({ not_started: 1, completed: 1 });
      await stores.migrations.unarchive('move', at(70));
      expect((await fleet.reserve('b')).runAttempt).toBe(1);
    });

    it('does not stand in the way of its migrator, which does not bring it back', async () => {
      const fleet = await new Fleet(stores).with('a');
      await archive();
      const announced = await stores.migrations.announce(definition({ name: 'Moved' }), at(60));
      expect(announced).toMatchObject({ revision: 2, archived: { by: 'ann' } });
      expect(await fleet.submit('a', 'b')).toMatchObject({ added: 1, unchanged: 1 });
      expect(await stores.migrations.get('move')).toMatchObject({ archived: {}, counts: { total: 2 } });
      await stores.repair.rederive();
      expect([await listed(), await listed(true)]).toEqual([[], ['move']]);
      expect((await stores.migrations.list({ limit: 9, archived: true })).rows).toEqual([
        await stores.migrations.get('move'),
      ]);
    });

    it('ends where a run of it is restored', async () => {
      const fleet = await new Fleet(stores).with('a');
      const { manifest } = await fleet.draft('a');
      await archive();
      const restored = { manifest: { ...manifest, runAttempt: 3 }, executionId: 'x', by: ANN };
      await stores.census.restore({ ...restored, view: fleet.view('a', 2, {}, { runAttempt: 3 }) });
      expect(await stores.migrations.get('move')).not.toHaveProperty('archived');
      expect([await listed(), await listed(true)]).toEqual([['move'], []]);
      const actions = (await stores.audit.list({ limit: 2 })).rows.map(({ action }) => action);
      expect(actions).toEqual(['restore', 'unarchive']);
    });

    it('and a reservation at the same time: one of the two', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `m${index}`);
      for (const [index, id] of ids.entries()) {
        const fleet = await new Fleet(stores, id).with('a');
        const draft = await fleet.draft('a');
        const reserves = index % 2 === 0 ? stores.runs.reserve(draft) : undefined;
        const archived = archive(id);
        const { outcome } = await (reserves ?? stores.runs.reserve(draft));
        expect(['reserved in_use', 'refused archived']).toContain(`${outcome} ${await archived}`);
      }
    });

    it('pages each list whole, however many of the other lie between', async () => {
      const ids = Array.from({ length: 260 }, (_, index) => `m${String(index).padStart(3, '0')}`);
      await Promise.all(ids.map((id) => stores.migrations.announce(definition({ id }), at(0))));
      const shown = ids.filter((_, index) => index === 3 || index === 4 || index > 250);
      const gone = ids.filter((id) => !shown.includes(id));
      await Promise.all(gone.map((id) => archive(id)));
      const pages = async (archived: boolean, limit: number) => {
        const seen: string[][] = [];
        let cursor: string | undefined;
        do {
          const query = { limit, archived, ...(cursor === undefined ? {} : { cursor }) };
          const page = await stores.migrations.list(query);
          seen.push(page.rows.map(({ id }) => id));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        return seen;
      };
      for (const limit of [1, 4, 11, 300]) {
        const seen = await pages(false, limit);
        expect([limit, seen.flat(), seen.length]).toEqual([limit, shown, Math.ceil(shown.length / limit)]);
      }
      expect((await pages(true, 100)).flat()).toEqual(gone);
      const { nextCursor = '' } = await stores.migrations.list({ limit: 1, archived: true });
      const mixed = stores.migrations.list({ limit: 1, cursor: nextCursor });
      expect(await rejectionOf(mixed)).toBeInstanceOf(InvalidRequestError);
    });

    it('takes it out of what is left to do, and leaves what happened', async () => {
      const done = await new StatisticsFleet(stores).with('a', 'b');
      await new Fleet(stores, 'other').with('c');
      await done.start('a', dayAt(1));
      await done.complete('a', 1, dayAt(1));
      const before = await stores.statistics.totals();
      await archive();
      const without = {
        migrations: { total: 1, notStarted: 1, inProgress: 0, completed: 0 },
        candidates: { not_started: 1, queued: 0, running: 0, completed: 0, attention: 0 },
      };
      expect(await stores.statistics.totals()).toMatchObject(without);
      await done.fleet.submit('d');
      await stores.repair.rederive();
      expect(await stores.statistics.totals()).toMatchObject(without);
      const day = { until: dayAt(1), days: 1 };
      expect(await stores.statistics.activity('all', day)).toMatchObject([{ started: 1, completed: 1 }]);
      await stores.migrations.unarchive('move', at(70));
      const { candidates, ...rest } = before;
      const after = { ...rest, candidates: { ...candidates, not_started: candidates.not_started + 1 } };
      expect(await stores.statistics.totals()).toEqual(after);
    });
  });
}
