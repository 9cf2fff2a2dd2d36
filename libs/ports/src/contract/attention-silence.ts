import { eventsSince, MOVE } from './events-since';
import { at, Fleet } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** How every AttentionQueue finds migrators that are silent, and what takes that back. */
export function describeSilence(make: MakeStores): void {
  describe('silence', () => {
    const stores = useStores(make);
    const mark = (seconds: number) =>
      stores.attention.markStale({ in_progress: at(seconds), open: at(seconds) }, at(500));
    const stale = async () => {
      const { rows } = await stores.attention.list({ limit: 100, kinds: ['stale'] });
      return rows.map(({ row }) => row.candidate.id);
    };

    it('is told of steps that wait for their migrator, once, and since they were last heard of', async () => {
      const fleet = await new Fleet(stores).with('heard', 'open', 'sent');
      for (const id of ['heard', 'open', 'sent']) await fleet.run(id);
      await fleet.project('sent', 1);
      await fleet.project('open', 1, { status: 'open', lastHeardAt: at(20) });
      await fleet.project('heard', 1, { status: 'open', lastHeardAt: at(100) });
      const [start, ofAll] = [await stores.events.position(MOVE), await stores.events.position('all')];
      expect(await mark(100)).toBe(2);
      expect(await mark(100)).toBe(0);
      expect(await stale()).toEqual(['sent', 'open']);
      expect(await fleet.row('open')).toMatchObject({
        updatedAt: at(500),
        run: {
          lastSignAt: at(20),
          attention: {
            kind: 'stale',
            since: at(20),
            detail: 'first is open, and its migrator has been silent',
          },
        },
      });
      const { counts } = await fleet.list({ attention: ['stale'] });
      expect(counts).toMatchObject({ running: 3, attention: 2, attentionByKind: { stale: 2 } });
      expect(await stores.migrations.get('move')).toMatchObject({ counts });
      expect(await fleet.ids({ sort: 'attention' })).toEqual(['sent', 'open']);
      const told = await eventsSince(stores, MOVE, start);
      expect(await eventsSince(stores, 'all', ofAll)).toEqual(told);
      expect(told.filter(({ type }) => type === 'candidate')).toMatchObject([
        { candidateId: 'sent', status: 'running', attention: 'stale' },
        { candidateId: 'open', status: 'running', attention: 'stale' },
      ]);
      expect(told.at(-1)).toEqual({ type: 'counts', ...MOVE, counts });
    });

    it('is measured apart for what is in progress and what is open', async () => {
      const fleet = await new Fleet(stores).with('open', 'sent');
      for (const id of ['open', 'sent']) await fleet.run(id);
      await fleet.project('sent', 1);
      await fleet.project('open', 1, { status: 'open' });
      expect(await stores.attention.markStale({}, at(500))).toBe(0);
      expect(await stores.attention.markStale({ in_progress: at(99), open: at(6) }, at(500))).toBe(1);
      expect(await stale()).toEqual(['sent']);
      expect(await stores.attention.markStale({ open: at(7) }, at(500))).toBe(1);
    });

    it('is no matter where a person is waited for, the run is to end, or the step has a deadline', async () => {
      const fleet = await new Fleet(stores).with('failed', 'review', 'cancelled', 'begun', 'done', 'queued');
      const steps = ['first', 'second'].map((name) => ({ name, migratorApp: 'mover', timeoutSeconds: 60 }));
      await fleet.submit({ id: 'timed', steps });
      for (const id of ['failed', 'review', 'cancelled', 'begun', 'done', 'timed']) await fleet.run(id);
      await fleet.queue('queued');
      await fleet.project('failed', 1, { status: 'failed' });
      await fleet.project('review', 1, { status: 'awaiting_review' });
      for (const id of ['cancelled', 'timed', 'done']) await fleet.project(id, 1);
      await fleet.cancel('cancelled');
      await fleet.complete('done', 2);
      expect(await mark(400)).toBe(0);
      expect(await stale()).toEqual([]);
    });

    it('is no matter while a pause holds the run, and ends with that', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.project('a', 1);
      expect(await mark(400)).toBe(1);
      expect(await fleet.project('a', 1, {}, { dispatches: true, holds: true })).toBe('paused');
      expect(await stale()).toEqual([]);
      expect((await fleet.list()).counts).toMatchObject({ attention: 0, attentionByKind: { stale: 0 } });
      expect(await mark(400)).toBe(0);
      await fleet.project('a', 1, {}, { dispatches: true });
      expect(await mark(400)).toBe(1);
    });

    it('ends with the next sign of life, and not with a change of ours', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.project('a', 1, { status: 'open', lastHeardAt: at(20) });
      await mark(100);
      await fleet.project('a', 2, { status: 'open', lastHeardAt: at(20) }, { inputs: { x: '1' } });
      expect((await fleet.row('a')).run).toMatchObject({
        inputs: { x: '1' },
        attention: { kind: 'stale', since: at(20) },
      });
      await fleet.project('a', 3, { status: 'open', lastHeardAt: at(510) });
      expect((await fleet.row('a')).run).not.toHaveProperty('attention');
      expect((await fleet.list()).counts).toMatchObject({ attention: 0, attentionByKind: { stale: 0 } });
      expect(await mark(510)).toBe(0);
      expect(await mark(511)).toBe(1);
    });

    it('ends with a cancel, and with the run', async () => {
      const fleet = await new Fleet(stores).with('cancelled', 'done');
      for (const id of ['cancelled', 'done']) {
        await fleet.run(id);
        await fleet.project(id, 1);
      }
      expect(await mark(100)).toBe(2);
      await fleet.cancel('cancelled');
      expect((await fleet.row('cancelled')).run).not.toHaveProperty('attention');
      expect(await stale()).toEqual(['done']);
      await fleet.complete('done', 2);
      expect(await stale()).toEqual([]);
      expect((await fleet.list()).counts).toMatchObject({ attention: 0, attentionByKind: { stale: 0 } });
    });

    it('ends with a report that changes nothing else, of this very step attempt', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.project('a', 1, { status: 'open', lastHeardAt: at(20) });
      await mark(100);
      const step = { ...fleet.address('a', 1), stepIndex: 0, attempt: 1 };
      const before = [await fleet.row('a'), await stores.events.position(MOVE)];
      const others = [{ attempt: 2 }, { stepIndex: 1 }, { runAttempt: 2 }, { candidateId: 'none' }];
      for (const over of others) await stores.runs.heard({ ...step, ...over }, at(600));
      await stores.runs.heard(step, at(20));
      expect([await fleet.row('a'), await stores.events.position(MOVE)]).toEqual(before);
      await stores.runs.heard(step, at(600));
      const { run, updatedAt } = await fleet.row('a');
      expect(run).toMatchObject({ lastSignAt: at(600), seq: 1 });
      expect(run).not.toHaveProperty('attention');
      expect(updatedAt).toBe(at(600));
      expect((await fleet.list()).counts).toMatchObject({ attention: 0 });
      const position = await stores.events.position(MOVE);
      await stores.runs.heard(step, at(700));
      expect(await stores.events.position(MOVE)).toBe(position);
      expect(await fleet.row('a')).toMatchObject({ updatedAt: at(600), run: { lastSignAt: at(700) } });
      expect(await mark(700)).toBe(0);
      // What the workflow shows later is older than that.
      await fleet.project('a', 2, { status: 'open', lastHeardAt: at(20) });
      expect((await fleet.row('a')).run?.lastSignAt).toBe(at(700));
    });
  });
}
