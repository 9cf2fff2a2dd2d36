import { at, Fleet } from './fleet';
import { UNKNOWN, key } from './run-answers';
import { dayAt, StatisticsFleet } from './statistics-fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** How every RunStore resets a completed candidate. */
export function describeReset(make: MakeStores): void {
  describe('reset', () => {
    const stores = useStores(make);
    const by = { actor: { id: 'ann', role: 'admin' as const }, reason: 'reverted' };
    const reset = (candidateId: string, seconds = 50) =>
      stores.runs.reset({ migrationId: 'move', candidateId, at: at(seconds), by });

    it('makes a completed candidate as good as new, in every index, and tells the stream', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      await fleet.run('a');
      await fleet.complete('a', 1);
      const position = await stores.events.position({ migrationId: 'move' });
      expect(await reset('a')).toEqual({ outcome: 'reset' });
      const row = { candidate: { id: 'a' }, status: 'not_started', updatedAt: at(50) };
      expect(await fleet.row('a')).toEqual(row);
      const { counts } = await fleet.list();
      expect(counts).toMatchObject({ not_started: 2, completed: 0, total: 2 });
      expect((await stores.migrations.list({ limit: 1 })).rows[0]?.counts).toEqual(counts);
      expect(await fleet.ids({ status: ['completed'] })).toEqual([]);
      expect(await fleet.ids({ status: ['not_started'] })).toEqual(['a', 'b']);
      expect(await fleet.ids({ sort: '-updatedAt' })).toEqual(['a', 'b']);
      const options = { limit: 9, waitMs: 0, signal: new AbortController().signal };
      const { entries } = await stores.events.read({ migrationId: 'move' }, position, options);
      expect(entries.map(({ event }) => event)).toMatchObject([
        { type: 'candidate', candidateId: 'a', status: 'not_started', updatedAt: at(50) },
        { type: 'counts', counts },
      ]);
    });

    it('keeps the attempt as a completed one, with its nonce, and goes on with the next number', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.runAndCancel('a');
      await fleet.run('a', { nonce: 'second' });
      await fleet.project('a', 1, { status: 'open', metadata: { pr: '7\n"é' } }, { runAttempt: 2 });
      await fleet.complete('a', 2, 2);
      const attempts = () => stores.reader.attempts('move', 'a', { limit: 9 });
      const before = await attempts();
      expect(before?.rows[0]).toMatchObject({ attempt: 2, outcome: 'completed', endedAt: at(8) });
      await reset('a');
      expect(await attempts()).toEqual(before);
      expect((await stores.reader.cancelledAttempts('move', { limit: 9 })).rows).toMatchObject([
        { attempt: 1 },
      ]);
      expect(await stores.reader.nonce('move', 'a', 2)).toBe('second');
      expect(await stores.reader.manifest('move', 'a')).toBeUndefined();
      expect((await fleet.run('a', { nonce: 'third' })).runAttempt).toBe(3);
      expect((await attempts())?.rows.map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
        [3, 'running'],
        [2, 'completed'],
        [1, 'cancelled'],
      ]);
      expect(await stores.reader.nonce('move', 'a', 2)).toBe('second');
    });

    it('takes late writes of that attempt for over, and lets discovery change the candidate again', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a', key('k'));
      await fleet.complete('a', 1);
      expect(await fleet.submit({ id: 'a', kind: 'service' })).toMatchObject({ preserved: 1 });
      await reset('a');
      expect(await fleet.complete('a', 1)).toBe('closed');
      expect(await fleet.project('a', 2)).toBe('closed');
      expect(await fleet.begin('a')).toBe('not_reserved');
      expect(await fleet.submit({ id: 'a', kind: 'service' })).toMatchObject({ updated: 1 });
      expect(await fleet.row('a')).toMatchObject({ status: 'not_started', candidate: { kind: 'service' } });
      const prune = { selection: { ids: ['a'] }, at: at(60), preview: false, allowEmpty: false, most: 9 };
      await stores.candidates.prune('move', prune);
      await fleet.submit('a');
      expect((await fleet.reserve('a')).runAttempt).toBe(2);
      expect(await stores.reader.nonce('move', 'a', 1)).toBe('nonce-a');
      expect((await stores.reader.attempts('move', 'a', { limit: 9 }))?.rows[1]).toMatchObject({
        attempt: 1,
        outcome: 'completed',
      });
    });

    it('leaves what was counted: only how many are completed goes back, from that day on', async () => {
      const fleet = await new StatisticsFleet(stores).with('a');
      await fleet.start('a', dayAt(1));
      await fleet.complete('a', 1, dayAt(1));
      await stores.runs.reset({ migrationId: 'move', candidateId: 'a', at: dayAt(2), by });
      for (const scope of ['all', { migrationId: 'move' }] as const)
        expect(await stores.statistics.activity(scope, { until: dayAt(2), days: 2 })).toMatchObject([
          { day: '2026-03-01', started: 1, completed: 1, cancelled: 0 },
          { day: '2026-03-02', started: 0, completed: 0, cancelled: 0 },
        ]);
      const burndown = await stores.statistics.burndown('move', { until: dayAt(3), days: 3 });
      expect(burndown.map(({ completed }) => completed)).toEqual([1, 0, 0]);
      expect(await stores.statistics.totals()).toMatchObject({
        migrations: { notStarted: 1, inProgress: 0, completed: 0 },
        candidates: { not_started: 1, completed: 0 },
      });
      expect((await stores.statistics.durations('move')).runs.count).toBe(1);
      await fleet.start('a', dayAt(3));
      await fleet.complete('a', 1, dayAt(3), [], 2);
      expect(await stores.statistics.activity('all', { until: dayAt(3), days: 1 })).toMatchObject([
        { started: 1, completed: 1 },
      ]);
    });

    it('refuses by status whatever is not completed, and what is unknown', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      expect(await reset('a')).toEqual({ outcome: 'refused', because: 'status' });
      await fleet.queue('a');
      expect(await reset('a')).toMatchObject({ because: 'status', run: { status: 'queued' } });
      await fleet.run('b');
      expect(await reset('b')).toMatchObject({ because: 'status', run: { status: 'running', attempt: 1 } });
      await fleet.complete('b', 1);
      await reset('b');
      expect(await reset('b')).toEqual({ outcome: 'refused', because: 'status' });
      expect(await reset('c')).toEqual(UNKNOWN);
      expect((await stores.reader.attempts('move', 'b', { limit: 9 }))?.rows).toHaveLength(1);
    });

    it('resets once of many at once', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.complete('a', 1);
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => reset('a')));
      expect(outcomes.filter(({ outcome }) => outcome === 'reset')).toHaveLength(1);
      expect((await fleet.list()).counts).toMatchObject({ not_started: 1, completed: 0 });
    });
  });
}
