import { noAttention, noCounts, type Counts } from '@loom/domain';
import type { ChangeEvent, StreamScope } from '../event-stream';
import { describeGaps, describeReading } from './event-reading';
import { eventsSince, MOVE } from './events-since';
import { at, Fleet } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

const counts = (over: Partial<Counts>) => ({
  type: 'counts',
  migrationId: 'move',
  counts: { ...noCounts(), total: 1, ...over },
});
const candidate = (over: Record<string, unknown>) => ({
  type: 'candidate',
  migrationId: 'move',
  candidateId: 'a',
  ...over,
});

/** What every EventStream does. */
export function describeEventStream(name: string, make: MakeStores): void {
  describe(`${name} as an EventStream`, () => {
    describeEntries(make);
    describeReading(make);
    describeGaps(make);
  });
}

function describeEntries(make: MakeStores): void {
  describe('entries', () => {
    const stores = useStores(make);

    it.each(['all', MOVE] as StreamScope[])('tell each change of a run in scope %j', async (scope) => {
      const fleet = await new Fleet(stores).with('a');
      const start = await stores.events.position(scope);
      await fleet.queue('a');
      await fleet.dequeue('a');
      await fleet.run('a');
      await fleet.project('a', 1, { status: 'failed' });
      await fleet.cancel('a');
      await fleet.settle('a');
      const step = { ...fleet.view('a', 1, { status: 'failed' }).steps[0] };
      expect(await eventsSince(stores, scope, start)).toEqual([
        candidate({ status: 'queued', updatedAt: at(2) }),
        counts({ queued: 1 }),
        candidate({ status: 'not_started', updatedAt: at(3) }),
        counts({ not_started: 1 }),
        candidate({ status: 'running', attempt: 1, updatedAt: at(4) }),
        counts({ running: 1 }),
        candidate({ status: 'running', attempt: 1, updatedAt: at(5) }),
        { type: 'step', ...MOVE, candidateId: 'a', runAttempt: 1, step },
        candidate({ status: 'running', attempt: 1, attention: 'step_failed', updatedAt: at(7) }),
        counts({ running: 1, attention: 1, attentionByKind: { ...noAttention(), step_failed: 1 } }),
        candidate({ status: 'running', attempt: 1, attention: 'step_failed', updatedAt: at(100) }),
        candidate({ status: 'not_started', updatedAt: at(101) }),
        counts({ not_started: 1 }),
      ]);
    });

    it('tell only the steps that changed, a merge of inputs, a give-back and the end', async () => {
      const fleet = await new Fleet(stores).with('a');
      const start = await stores.events.position(MOVE);
      await fleet.queue('a');
      await stores.runs.mergeQueuedInputs('move', 'a', { x: '1' }, at(3));
      await stores.runs.giveBack(await fleet.reserve('a'), at(5));
      await fleet.run('a');
      await fleet.project('a', 1, {}, { runAttempt: 2 });
      await fleet.complete('a', 2, 2);
      const events = await eventsSince(stores, MOVE, start);
      expect(
        events.filter(({ type }) => type === 'candidate').map((event) => 'status' in event && event.status),
      ).toEqual(['queued', 'queued', 'running', 'queued', 'running', 'running', 'running', 'completed']);
      const steps = events.flatMap((event) => (event.type === 'step' ? [event.step] : []));
      expect(steps.map(({ stepName, status }) => [stepName, status])).toEqual([
        ['first', 'in_progress'],
        ['first', 'completed'],
      ]);
    });

    it('coalesce submits to counts, and tell nothing of one that changed nothing', async () => {
      const fleet = await new Fleet(stores).with();
      const start = await stores.events.position(MOVE);
      await fleet.submit(...Array.from({ length: 60 }, (_, index) => `c${index}`));
      expect(await eventsSince(stores, MOVE, start)).toEqual([counts({ not_started: 60, total: 60 })]);
      const end = await stores.events.position(MOVE);
      await fleet.submit('c1', 'c2');
      expect(await eventsSince(stores, MOVE, end)).toEqual([]);
      await fleet.submit({ id: 'c1', kind: 'k' });
      expect(await eventsSince(stores, MOVE, end)).toEqual([counts({ not_started: 60, total: 60 })]);
    });

    it('tell of a large submit how far it is, and not each of its parts', async () => {
      const fleet = await new Fleet(stores).with();
      const starts = [await stores.events.position(MOVE), await stores.events.position('all')];
      const ids = Array.from({ length: 2510 }, (_, index) => `c${String(index).padStart(4, '0')}`);
      await fleet.submit(...ids);
      const told = [1000, 2000, 2510].map((total) => counts({ not_started: total, total }));
      expect(await eventsSince(stores, MOVE, starts[0] ?? '')).toEqual(told);
      expect(await eventsSince(stores, 'all', starts[1] ?? '')).toEqual(told);
      // What changes in the middle is told at the end, by a part that changes nothing itself.
      const end = await stores.events.position(MOVE);
      const isNew = (id: string) => (id === 'c1200' ? { id, kind: 'k' } : id);
      await fleet.submit(...ids.slice(1010, 1900).map(isNew));
      expect(await eventsSince(stores, MOVE, end)).toEqual(told.slice(2));
    });

    it('tell nothing of refused writes', async () => {
      const fleet = await new Fleet(stores).with('a');
      const start = await stores.events.position('all');
      await fleet.dequeue('a');
      await fleet.cancel('a');
      await fleet.project('a', 1);
      await fleet.complete('a', 1);
      await fleet.settle('a');
      expect(await stores.events.position('all')).toBe(start);
    });

    it('keep migrations apart, and show all in one', async () => {
      const one = await new Fleet(stores, 'one').with('a');
      const two = await new Fleet(stores, 'two').with('a');
      const starts = [
        await stores.events.position({ migrationId: 'one' }),
        await stores.events.position('all'),
      ];
      await one.queue('a');
      await two.queue('a');
      const ids = (events: ChangeEvent[]) => events.map((event) => `${event.migrationId} ${event.type}`);
      expect(ids(await eventsSince(stores, { migrationId: 'one' }, starts[0] ?? ''))).toEqual([
        'one candidate',
        'one counts',
      ]);
      expect(ids(await eventsSince(stores, 'all', starts[1] ?? ''))).toEqual([
        'one candidate',
        'one counts',
        'two candidate',
        'two counts',
      ]);
    });
  });
}
