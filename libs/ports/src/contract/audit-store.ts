import { InvalidRequestError, type AuditContext, type AuditEntry } from '@loom/domain';
import type { AuditQuery } from '../audit-store';
import { describeAuditEntries } from './audit-entries';
import { at, definition, Fleet, MIGRATION, rejectionOf } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

const BOB: AuditContext = { actor: { id: 'bob', role: 'operator' } };
const EVE: AuditContext = { actor: { id: 'eve', role: 'migrator' } };

/** What every AuditStore does. */
export function describeAuditStore(name: string, make: MakeStores): void {
  describeAuditEntries(name, make);

  describe(`${name} as an AuditStore`, () => {
    const stores = useStores(make);

    /** All pages of a query, each of `limit`. */
    async function all(query: Partial<AuditQuery> = {}, limit = 2): Promise<AuditEntry[]> {
      const entries: AuditEntry[] = [];
      let cursor: string | undefined;
      do {
        const page = await stores.audit.list({
          ...query,
          limit,
          ...(cursor === undefined ? {} : { cursor }),
        });
        expect(page.rows.length).toBeLessThanOrEqual(limit);
        entries.push(...page.rows);
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return entries;
    }
    const told = (entries: AuditEntry[]) =>
      entries.map((e) => `${e.migrationId} ${e.action} ${e.candidateId ?? ''}`);

    async function twoMigrations(): Promise<void> {
      const one = await new Fleet(stores, 'one').with('a', 'b');
      const two = await new Fleet(stores, 'two').with('a');
      await one.queue('a', { by: BOB });
      await one.queue('b', { by: EVE });
      await two.queue('a', { by: BOB });
      await one.cancel('a');
    }

    it('tells the newest first: of all, of one migration, of one candidate, complete over pages', async () => {
      await twoMigrations();
      const ofOne = ['one cancel a', 'one queue b', 'one queue a', 'one submit ', 'one announce '];
      expect(told(await all({ migrationId: 'one' }))).toEqual(ofOne);
      expect(told(await all({ migrationId: 'one', candidateId: 'a' }, 1))).toEqual([
        'one cancel a',
        'one queue a',
      ]);
      const everything = await all({}, 3);
      expect(everything).toHaveLength(8);
      expect(everything.filter(({ migrationId }) => migrationId === 'one')).toEqual(
        await all({ migrationId: 'one' }),
      );
      expect(new Set(everything.map(({ id }) => id)).size).toBe(8);
    });

    it('is narrowed by actor, action, and both', async () => {
      await twoMigrations();
      expect(told(await all({ actor: 'bob' })).sort()).toEqual(['one queue a', 'two queue a']);
      expect(told(await all({ action: 'queue' }))).toHaveLength(3);
      expect(told(await all({ action: 'queue', actor: 'eve' }))).toEqual(['one queue b']);
      expect(told(await all({ action: 'queue', migrationId: 'two' }))).toEqual(['two queue a']);
      expect(told(await all({ migrationId: 'one', candidateId: 'a', actor: 'ann' }))).toEqual([
        'one cancel a',
      ]);
      expect(await all({ actor: 'nobody' })).toEqual([]);
      expect(await all({ migrationId: 'nothing' })).toEqual([]);
      expect(await all({ migrationId: 'one', candidateId: 'nothing' })).toEqual([]);
    });

    it('is narrowed by time, ends included', async () => {
      await twoMigrations();
      const [newest] = await all({ migrationId: 'one' });
      // Another millisecond, whatever the clock of the store.
      let later: AuditEntry | undefined;
      while (later === undefined || later.at === newest?.at) {
        await stores.audit.append({
          ...BOB,
          action: 'retry',
          migrationId: 'one',
          candidateId: 'a',
          runAttempt: 1,
        });
        [later] = await all({ migrationId: 'one' }, 1);
      }
      const since = later.at;
      for (const scope of [{}, { migrationId: 'one' }, { migrationId: 'one', candidateId: 'a' }]) {
        const after = await all({ ...scope, since });
        expect(after.length).toBeGreaterThan(0);
        expect(after.every(({ at: time }) => time >= since)).toBe(true);
        expect(await all({ ...scope, until: '0001-01-01T00:00:00Z' })).toEqual([]);
        expect(await all({ ...scope, since: '0001-01-01T00:00:00Z' })).toEqual(await all(scope));
        const until = await all({ ...scope, until: newest?.at ?? '' });
        expect(until.map(({ id }) => id)).toContain(newest?.id);
        expect(until.map(({ id }) => id)).not.toContain(later.id);
      }
    });

    it('goes on at a cursor whatever came since, and refuses one of another filter', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      const first = await stores.audit.list({ migrationId: MIGRATION, limit: 1 });
      await fleet.queue('a');
      const cursor = first.nextCursor ?? '';
      const rest = await stores.audit.list({ migrationId: MIGRATION, limit: 9, cursor });
      expect(told(rest.rows)).toEqual(['move announce ']);
      expect(rest).not.toHaveProperty('nextCursor');
      for (const query of [
        { cursor },
        { cursor: 'x', migrationId: MIGRATION },
        { cursor, migrationId: 'other' },
      ])
        expect(await rejectionOf(stores.audit.list({ limit: 9, ...query }))).toBeInstanceOf(
          InvalidRequestError,
        );
    });

    it('appends what is handed to a workflow, of a candidate that is known', async () => {
      await new Fleet(stores).with('a');
      const draft = { ...BOB, requestId: 'r-1', from: '10.0.0.7', reason: 'why "not" ✓ \ud800' };
      const change = { before: { none: {}, list: [] }, after: { x: 1.5, deep: { y: '☃' } } };
      const address = { action: 'event' as const, migrationId: MIGRATION, candidateId: 'a', runAttempt: 3 };
      expect(await stores.audit.append({ ...draft, ...change, ...address })).toBe(true);
      expect(await stores.audit.append({ ...draft, ...address, candidateId: 'unknown' })).toBe(false);
      expect(await stores.audit.append({ ...draft, ...address, migrationId: 'unknown' })).toBe(false);
      const [entry] = await all({ migrationId: MIGRATION });
      expect(entry).toMatchObject({
        ...address,
        ...change,
        runId: 'move__a',
        actor: BOB.actor,
        requestId: 'r-1',
        from: '10.0.0.7',
      });
      expect(entry?.reason).toMatch(/^why "not" ✓ /);
    });

    it('names its actors, and the system where nobody is named', async () => {
      await stores.migrations.announce(definition(), at(0), { ...EVE, requestId: 'q', from: '::1' });
      await stores.candidates.submit(MIGRATION, [{ id: 'a' }], at(1));
      const [submitted, announced] = await all({ migrationId: MIGRATION });
      expect(announced).toMatchObject({ actor: EVE.actor, requestId: 'q', from: '::1' });
      expect(submitted).toMatchObject({ actor: { id: 'system', role: 'system' } });
      expect(Object.keys(submitted ?? {})).not.toContain('requestId');
    });
  });
}
