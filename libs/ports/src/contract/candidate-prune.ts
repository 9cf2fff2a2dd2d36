import { InvalidRequestError, MigrationNotFoundError, SYSTEM, type PruneSelection } from '@loom/domain';
import type { PruneRequest } from '../candidate-store';
import { eventsSince } from './events-since';
import { at, Fleet, MIGRATION, rejectionOf } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** How every CandidateStore removes what is no longer found. */
export function describePrune(make: MakeStores): void {
  describe('prune', () => {
    const stores = useStores(make);
    const prune = (selection: PruneSelection, over: Partial<PruneRequest> = {}) =>
      stores.candidates.prune(MIGRATION, {
        selection,
        at: at(500),
        preview: false,
        allowEmpty: false,
        most: 100,
        ...over,
      });
    const submit = (discoveryId: string, ...ids: string[]) =>
      stores.candidates.submit(
        MIGRATION,
        ids.map((id) => ({ id, kind: 'k', metadata: { team: 'x' } })),
        at(1),
        { ...SYSTEM, discoveryId },
      );

    /** Discovery `old` found all, `new` only the first; one is queued, one running, one completed. */
    async function rediscovered(): Promise<Fleet> {
      const fleet = await new Fleet(stores).with();
      await submit('old', 'here', 'gone1', 'gone2', 'queued', 'running', 'completed');
      await fleet.queue('queued');
      await fleet.run('running');
      await fleet.run('completed');
      await fleet.complete('completed', 2);
      await submit('new', 'here');
      return fleet;
    }

    it('removes what a discovery did not submit, and keeps what is queued, running or completed', async () => {
      const fleet = await rediscovered();
      const position = await stores.events.position({ migrationId: MIGRATION });
      expect(await prune({ discoveryId: 'new' })).toEqual({
        removed: 2,
        remaining: 0,
        kept: { queued: 1, running: 1, completed: 1 },
        unknown: 0,
        examples: expect.arrayContaining(['gone1', 'gone2']) as string[],
      });
      expect(await fleet.ids()).toEqual(['completed', 'here', 'queued', 'running']);
      expect(await fleet.ids({ status: ['not_started'] })).toEqual(['here']);
      expect(await fleet.ids({ kind: ['k'] })).toHaveLength(4);
      expect(await fleet.ids({ meta: { team: 'x' }, sort: '-updatedAt' })).toHaveLength(4);
      expect(await fleet.ids({ q: 'gone' })).toEqual([]);
      expect(await stores.candidates.get(MIGRATION, 'gone1')).toBeUndefined();
      expect(await stores.candidates.facets(MIGRATION, ['team'])).toEqual([
        { key: 'team', values: [{ value: 'x', count: 4 }], truncated: false },
      ]);
      expect((await fleet.list()).counts).toMatchObject({ not_started: 1, total: 4 });
      const events = await eventsSince(stores, { migrationId: MIGRATION }, position);
      expect(events.filter((event) => event.type === 'candidate' && event.removed === true)).toHaveLength(2);
      expect(events.at(-1)).toMatchObject({ type: 'counts', counts: { not_started: 1, total: 4 } });
    });

    it('only tells in a preview', async () => {
      const fleet = await rediscovered();
      const position = await stores.events.position({ migrationId: MIGRATION });
      const told = await prune({ discoveryId: 'new' }, { preview: true });
      expect(told).toMatchObject({ removed: 0, remaining: 2, kept: { queued: 1, running: 1, completed: 1 } });
      expect(told.examples.sort()).toEqual(['gone1', 'gone2']);
      const named = await prune({ ids: ['gone1', 'queued', 'nobody'] }, { preview: true });
      expect(named).toMatchObject({ removed: 0, remaining: 1, unknown: 1, examples: ['gone1'] });
      expect(await fleet.ids()).toHaveLength(6);
      expect(await eventsSince(stores, { migrationId: MIGRATION }, position)).toEqual([]);
    });

    it('removes exactly the named ones', async () => {
      const fleet = await rediscovered();
      expect(await prune({ ids: ['gone1', 'queued', 'running', 'completed', 'nobody', 'gone1'] })).toEqual({
        removed: 1,
        remaining: 0,
        kept: { queued: 1, running: 1, completed: 1 },
        unknown: 1,
        examples: ['gone1'],
      });
      expect(await fleet.ids({ status: ['not_started'] })).toEqual(['gone2', 'here']);
    });

    it('removes no more than it may at once, and goes on when repeated', async () => {
      const fleet = await new Fleet(stores).with();
      const ids = Array.from({ length: 60 }, (_, index) => `c${index}`);
      await submit('old', ...ids);
      await submit('new', 'c7');
      expect(await prune({ discoveryId: 'new' }, { most: 40 })).toMatchObject({ removed: 40, remaining: 19 });
      expect(await prune({ discoveryId: 'new' }, { most: 40 })).toMatchObject({ removed: 19, remaining: 0 });
      expect(await fleet.ids()).toEqual(['c7']);
      expect(await fleet.ids({ q: 'c' })).toEqual(['c7']);
    });

    it('refuses a discovery that is unknown, was forgotten, or found nothing', async () => {
      const fleet = await new Fleet(stores).with();
      await submit('first', 'a');
      await submit('empty');
      for (const id of ['mistyped', 'empty'])
        expect(await rejectionOf(prune({ discoveryId: id }))).toBeInstanceOf(InvalidRequestError);
      expect(await rejectionOf(prune({ discoveryId: 'mistyped' }))).toMatchObject({
        problems: [{ pointer: '/discoveryId', message: expect.stringContaining('empty, first') as string }],
      });
      for (const n of [1, 2, 3, 4, 5, 6]) await submit(`d${n}`, 'b');
      await submit('first', 'c');
      await submit('d7', 'b');
      expect(await rejectionOf(prune({ discoveryId: 'empty' }))).toMatchObject({
        problems: [{ message: expect.stringContaining('no discovery') as string }],
      });
      expect(await prune({ discoveryId: 'first' })).toMatchObject({ removed: 1, examples: ['b'] });
      expect(await fleet.ids()).toEqual(['a', 'c']);
    });

    it('removes all that are not started for a discovery that found nothing, when told so', async () => {
      const fleet = await rediscovered();
      await submit('empty');
      expect(await prune({ discoveryId: 'empty' }, { allowEmpty: true })).toMatchObject({ removed: 3 });
      expect(await fleet.ids()).toEqual(['completed', 'queued', 'running']);
    });

    it('never lets an attempt number be used twice, and still knows the nonces of removed attempts', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.runAndCancel('a', { nonce: 'first-nonce' });
      await prune({ ids: ['a'] });
      expect((await stores.reader.cancelledAttempts(MIGRATION, { limit: 10 })).rows).toHaveLength(1);
      await fleet.submit({ id: 'a', kind: 'again' });
      expect(await fleet.row('a')).toEqual({
        candidate: { id: 'a', kind: 'again' },
        status: 'not_started',
        updatedAt: at(1),
      });
      expect(await stores.reader.nonce(MIGRATION, 'a', 1)).toBe('first-nonce');
      expect((await fleet.reserve('a')).runAttempt).toBe(2);
    });

    it('keeps the audit and the attempts of a candidate that comes again', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.runAndCancel('a');
      await prune({ ids: ['a'] });
      const trail = async () => {
        const { rows } = await stores.audit.list({ migrationId: MIGRATION, candidateId: 'a', limit: 10 });
        return rows.map(({ action }) => action);
      };
      const before = await trail();
      expect(before).toContain('cancel');
      await fleet.submit('a');
      expect(await trail()).toEqual(before);
      await fleet.queue('a');
      expect(await trail()).toEqual(['queue', ...before]);
      const { rows } = await stores.reader.cancelledAttempts(MIGRATION, { limit: 10 });
      expect(rows.map(({ candidateId, attempt }) => [candidateId, attempt])).toEqual([['a', 1]]);
    });

    it('is audited with the ids, in the write that removes them', async () => {
      await rediscovered();
      const by = { actor: { id: 'bob', role: 'operator' }, requestId: 'r' } as const;
      const request = { at: at(500), preview: false, allowEmpty: false, most: 100 };
      await stores.candidates.prune(MIGRATION, { ...request, selection: { discoveryId: 'new' } }, by);
      await stores.candidates.prune(MIGRATION, { ...request, selection: { ids: ['here'] } }, by);
      const { rows } = await stores.audit.list({ migrationId: MIGRATION, action: 'prune', limit: 10 });
      expect(rows).toMatchObject([
        { ...by, after: { removed: 1, ids: 'here' } },
        { ...by, after: { removed: 2, ids: expect.stringContaining('gone') as string, discoveryId: 'new' } },
      ]);
      expect(rows).toHaveLength(2);
    });

    it('refuses an unknown migration', async () => {
      const request = { at: at(1), preview: false, allowEmpty: false, most: 1 };
      for (const selection of [{ discoveryId: 'd' }, { ids: ['a'] }]) {
        const refused = stores.candidates.prune('nothing', { ...request, selection });
        expect(await rejectionOf(refused)).toBeInstanceOf(MigrationNotFoundError);
      }
    });
  });
}
