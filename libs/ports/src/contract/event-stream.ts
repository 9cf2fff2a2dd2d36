import { InvalidRequestError } from '@loom/domain';
import type { ChangeEvent, StreamScope } from '../event-stream';
import { at, Fleet, rejectionOf } from './fleet';
import { useStores, type MakeStores, type Stores } from './stores-under-test';

const MOVE = { migrationId: 'move' };
const never = () => new AbortController().signal;

async function eventsSince(stores: Stores, scope: StreamScope, position: string): Promise<ChangeEvent[]> {
  const batch = await stores.events.read(scope, position, { limit: 1000, waitMs: 0, signal: never() });
  return batch.entries.map(({ event }) => event);
}

const counts = (over: Record<string, number>) => ({
  type: 'counts',
  migrationId: 'move',
  counts: { not_started: 0, queued: 0, running: 0, completed: 0, total: 1, attention: 0, ...over },
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
        counts({ running: 1, attention: 1 }),
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
      const events = await eventsSince(stores, MOVE, start);
      expect(events.length).toBeLessThanOrEqual(5);
      expect(events.at(-1)).toEqual(counts({ not_started: 60, total: 60 }));
      const end = await stores.events.position(MOVE);
      await fleet.submit('c1', 'c2');
      expect(await eventsSince(stores, MOVE, end)).toEqual([]);
      await fleet.submit({ id: 'c1', kind: 'k' });
      expect(await eventsSince(stores, MOVE, end)).toEqual([counts({ not_started: 60, total: 60 })]);
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

function describeReading(make: MakeStores): void {
  describe('reading', () => {
    const stores = useStores(make);

    it('goes on after a position, at most the limit, without loss or repetition', async () => {
      const fleet = await new Fleet(stores).with('a');
      const start = await stores.events.position(MOVE);
      for (let round = 0; round < 4; round += 1) {
        await fleet.queue('a');
        await fleet.dequeue('a');
      }
      const all = await eventsSince(stores, MOVE, start);
      expect(all).toHaveLength(16);
      const seen: ChangeEvent[] = [];
      let position = start;
      for (;;) {
        const batch = await stores.events.read(MOVE, position, { limit: 3, waitMs: 0, signal: never() });
        expect(batch.gap).toBe(false);
        expect(batch.position).toBe(batch.entries.at(-1)?.position ?? position);
        if (batch.entries.length === 0) break;
        expect(batch.entries.length).toBeLessThanOrEqual(3);
        seen.push(...batch.entries.map(({ event }) => event));
        position = batch.position;
      }
      expect(seen).toEqual(all);
      expect(position).toBe(await stores.events.position(MOVE));
    });

    it('starts with nothing: an unknown migration has an empty stream', async () => {
      const position = await stores.events.position({ migrationId: 'nothing' });
      const options = { limit: 10, waitMs: 0, signal: never() };
      const batch = await stores.events.read({ migrationId: 'nothing' }, position, options);
      expect(batch).toEqual({ entries: [], position, gap: false });
    });

    it.each(['all', MOVE] as StreamScope[])(
      'wakes every waiting reader of scope %j with the first entry',
      async (scope) => {
        const fleet = await new Fleet(stores).with('a');
        const start = await stores.events.position(scope);
        const options = { limit: 10, waitMs: 10_000, signal: never() };
        const readers = Array.from({ length: 5 }, () => stores.events.read(scope, start, options));
        const began = Date.now();
        await fleet.queue('a');
        for (const batch of await Promise.all(readers)) {
          expect(batch.entries[0]?.event).toMatchObject({ type: 'candidate', status: 'queued' });
        }
        expect(Date.now() - began).toBeLessThan(5000);
      },
    );

    it('answers empty, from the same position, when the wait is over', async () => {
      await new Fleet(stores).with('a');
      const start = await stores.events.position(MOVE);
      const batch = await stores.events.read(MOVE, start, { limit: 1, waitMs: 30, signal: never() });
      expect(batch).toEqual({ entries: [], position: start, gap: false });
    });

    it('ends early when the reader gives up, before or while it waits, and others read on', async () => {
      const fleet = await new Fleet(stores).with('a');
      const start = await stores.events.position(MOVE);
      const empty = { entries: [], position: start, gap: false };
      const aborted = AbortSignal.abort();
      expect(await stores.events.read(MOVE, start, { limit: 1, waitMs: 20_000, signal: aborted })).toEqual(
        empty,
      );
      const controller = new AbortController();
      const { signal } = controller;
      const leaving = stores.events.read(MOVE, start, { limit: 1, waitMs: 20_000, signal });
      const staying = stores.events.read(MOVE, start, { limit: 1, waitMs: 20_000, signal: never() });
      controller.abort();
      expect(await leaving).toEqual(empty);
      await fleet.queue('a');
      expect((await staying).entries).toHaveLength(1);
    });

    it.each(['', 'x', '1', '1-', '-1', '1-0-0', '1-0\n', '99999999999999999999999-0'])(
      'refuses the position %j',
      async (after) => {
        await new Fleet(stores).with('a');
        const read = stores.events.read(MOVE, after, { limit: 1, waitMs: 0, signal: never() });
        expect(await rejectionOf(read)).toBeInstanceOf(InvalidRequestError);
      },
    );
  });
}

function describeGaps(make: MakeStores): void {
  describe('gaps', () => {
    const stores = useStores(make, { streamLength: 20 });
    const options = () => ({ limit: 1000, waitMs: 1000, signal: never() });

    it.each(['all', MOVE] as StreamScope[])('tells that entries were missed in scope %j', async (scope) => {
      const fleet = await new Fleet(stores).with('a');
      const start = await stores.events.position(scope);
      await fleet.queue('a');
      expect(await stores.events.read(scope, start, options())).toMatchObject({ gap: false });
      for (let round = 0; round < 120; round += 1) {
        await fleet.dequeue('a');
        await fleet.queue('a');
      }
      expect(await stores.events.read(scope, start, options())).toEqual({
        entries: [],
        position: start,
        gap: true,
      });
      const end = await stores.events.position(scope);
      expect(await stores.events.read(scope, end, { ...options(), waitMs: 0 })).toMatchObject({ gap: false });
    });

    it('tells it of a position that this stream never reached: the store was lost since', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.queue('a');
      const ahead = '99999999999999-0';
      expect(await stores.events.read(MOVE, ahead, options())).toMatchObject({ entries: [], gap: true });
      const unknown = await stores.events.read({ migrationId: 'nothing' }, ahead, options());
      expect(unknown).toMatchObject({ entries: [], gap: true });
    });
  });
}
