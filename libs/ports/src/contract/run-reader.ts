import { InvalidRequestError, MigrationNotFoundError } from '@loom/domain';
import { at, Fleet, rejectionOf } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** What every RunReader does. */
export function describeRunReader(name: string, make: MakeStores): void {
  describe(`${name} as a RunReader`, () => {
    const stores = useStores(make);

    it('reads a candidate with its run together', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      expect(await stores.reader.snapshot('move', 'c')).toBeUndefined();
      expect(await stores.reader.snapshot('nothing', 'a')).toBeUndefined();
      const idle = await stores.reader.snapshot('move', 'a');
      expect(Object.keys(idle ?? {})).toEqual(['version']);
      expect(idle?.version).not.toBe('');
      await fleet.run('a');
      expect((await stores.reader.snapshot('move', 'a'))?.run).toEqual((await fleet.row('a')).run);
    });

    it('tells the nonce of current and closed attempts, and of no other', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      expect(await stores.reader.nonce('move', 'a', 0)).toBeUndefined();
      await fleet.runAndCancel('a', { nonce: 'one' });
      await fleet.run('a', { nonce: 'two' });
      expect(await stores.reader.nonce('move', 'a', 1)).toBe('one');
      expect(await stores.reader.nonce('move', 'a', 2)).toBe('two');
      expect(await stores.reader.nonce('move', 'a', 3)).toBeUndefined();
      expect(await stores.reader.nonce('move', 'unknown', 1)).toBeUndefined();
      expect(await stores.reader.nonce('nothing', 'a', 1)).toBeUndefined();
      await fleet.complete('a', 1, 2);
      expect(await stores.reader.nonce('move', 'a', 2)).toBe('two');
      await fleet.queue('b');
      expect(await stores.reader.nonce('move', 'b', 0)).toBeUndefined();
    });

    it('keeps the manifest of the current attempt only', async () => {
      const fleet = await new Fleet(stores).with('a');
      expect(await stores.reader.manifest('move', 'a')).toBeUndefined();
      expect(await stores.reader.manifest('nothing', 'a')).toBeUndefined();
      await fleet.runAndCancel('a');
      const manifest = await fleet.run('a', { nonce: 'two', inputs: { x: '' } });
      expect(await stores.reader.manifest('move', 'a')).toEqual(manifest);
      await fleet.complete('a', 1, 2);
      expect(await stores.reader.manifest('move', 'a')).toEqual(manifest);
    });

    it('lists running and completed runs by candidate id, at most the limit', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c', 'd', 'e');
      for (const id of ['e', 'a', 'c']) await fleet.run(id);
      await fleet.complete('c', 1);
      await fleet.queue('b');
      const runs = await stores.reader.runs('move', 10);
      expect(runs.map((run) => run.candidateId)).toEqual(['a', 'c', 'e']);
      expect(runs[1]).toEqual((await fleet.row('c')).run);
      expect((await stores.reader.runs('move', 2)).map((run) => run.candidateId)).toEqual(['a', 'c']);
      expect(await stores.reader.runs('nothing', 2)).toEqual([]);
    });

    it('pages cancelled attempts, the newest first, complete while more come', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      for (let round = 0; round < 4; round += 1) {
        await fleet.runAndCancel('a');
        await fleet.queue('b');
        await fleet.cancel('b');
      }
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await stores.reader.cancelledAttempts(
          'move',
          cursor === undefined ? { limit: 3 } : { limit: 3, cursor },
        );
        seen.push(...page.rows.map((row) => `${row.candidateId}${row.attempt}`));
        cursor = page.nextCursor;
        await fleet.runAndCancel('a');
      } while (cursor !== undefined);
      expect(seen).toEqual(['b4', 'a4', 'b3', 'a3', 'b2', 'a2', 'b1', 'a1']);
      const all = await stores.reader.cancelledAttempts('move', { limit: 11 });
      expect(all.rows).toHaveLength(11);
      expect(all).not.toHaveProperty('nextCursor');
    });

    it('pages the attempts of one candidate, the newest first, each as it ended', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      const attempts = async (id: string, limit = 100, cursor?: string) => {
        const page = cursor === undefined ? { limit } : { limit, cursor };
        return stores.reader.attempts('move', id, page);
      };
      expect(await attempts('a')).toEqual({ rows: [] });
      await fleet.run('a', { reservedAt: at(4) });
      const reached = fleet.view('a', 1, { status: 'failed', reason: 'no chart' }).steps;
      await fleet.cancel('a', { at: at(50), by: 'ann', reason: 'wrong' });
      await fleet.settle('a', 1, reached);
      await fleet.runAndCancel('b');
      await fleet.queue('a');
      expect((await attempts('a'))?.rows).toHaveLength(1);
      await fleet.cancel('a', { at: at(60), by: 'bob' });
      await fleet.runAndCancel('b');
      await fleet.run('a', { reservedAt: at(70) });
      const steps = (await fleet.row('a')).run?.steps;
      const over = [
        { attempt: 2, outcome: 'cancelled', endedAt: at(60), cancelledBy: 'bob', steps: [] },
        {
          attempt: 1,
          outcome: 'cancelled',
          startedAt: at(4),
          endedAt: at(101),
          cancelledBy: 'ann',
          reason: 'wrong',
          steps: reached,
        },
      ];
      const running = { attempt: 3, outcome: 'running', startedAt: at(70), steps };
      expect(await attempts('a')).toEqual({ rows: [running, ...over] });
      await fleet.complete('a', 1, 3);
      const [newest] = (await attempts('a'))?.rows ?? [];
      expect(newest).toMatchObject({ attempt: 3, outcome: 'completed', endedAt: at(7) });
      const paged: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = await attempts('a', 1, cursor);
        expect(page?.rows).toHaveLength(1);
        paged.push(...(page?.rows ?? []));
        cursor = page?.nextCursor;
      } while (cursor !== undefined);
      expect(paged).toEqual([newest, ...over]);
      expect((await attempts('b'))?.rows.map(({ attempt }) => attempt)).toEqual([2, 1]);
      expect(await attempts('c')).toEqual({ rows: [] });
      expect(await attempts('unknown')).toBeUndefined();
      expect(await stores.reader.attempts('nothing', 'a', { limit: 1 })).toBeUndefined();
      expect(await rejectionOf(attempts('a', 1, 'x'))).toBeInstanceOf(InvalidRequestError);
    });

    it('refuses an unknown migration and a bad cursor', async () => {
      await new Fleet(stores).with();
      expect((await stores.reader.cancelledAttempts('move', { limit: 1 })).rows).toEqual([]);
      const unknown = stores.reader.cancelledAttempts('nothing', { limit: 1 });
      expect(await rejectionOf(unknown)).toBeInstanceOf(MigrationNotFoundError);
      const bad = stores.reader.cancelledAttempts('move', { limit: 1, cursor: 'x' });
      expect(await rejectionOf(bad)).toBeInstanceOf(InvalidRequestError);
    });
  });
}
