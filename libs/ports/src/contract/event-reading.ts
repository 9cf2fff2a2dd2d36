import { InvalidRequestError } from '@loom/domain';
import type { ChangeEvent, StreamScope } from '../event-stream';
import { eventsSince, MOVE, never } from './events-since';
import { Fleet, rejectionOf } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** How every EventStream is read. */
export function describeReading(make: MakeStores): void {
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

/** How every EventStream tells that entries were missed. */
export function describeGaps(make: MakeStores): void {
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
