import { plannedSteps } from '@loom/domain';
import { at, definition, Fleet } from './fleet';
import { describeComplete, describeSettle } from './run-ledger-end';
import { useStores, type MakeStores } from './stores-under-test';

/** What every RunLedger does. */
export function describeRunLedger(name: string, make: MakeStores): void {
  describe(`${name} as a RunLedger`, () => {
    describeBegin(make);
    describeProject(make);
    describeComplete(make);
    describeSettle(make);
  });
}

function describeBegin(make: MakeStores): void {
  describe('begin', () => {
    const stores = useStores(make);

    it('records the execution id, and proceeds again for the same execution', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.reserve('a');
      expect(await fleet.begin('a', 1, 'x')).toBe('proceed');
      const row = await fleet.row('a');
      expect(row.run).toMatchObject({ executionId: 'x', seq: 0, updatedAt: at(5) });
      expect(await fleet.begin('a', 1, 'x')).toBe('proceed');
      expect(await fleet.row('a')).toEqual(row);
    });

    it('does not let a second execution repeat what a first one may have dispatched', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.reserve('a');
      await fleet.begin('a', 1, 'x');
      expect(await fleet.begin('a', 1, 'y')).toBe('proceed');
      await fleet.project('a', 1);
      expect(await fleet.begin('a', 1, 'z')).toBe('not_reserved');
      expect(await fleet.begin('a', 1, 'y')).toBe('proceed');
      expect((await fleet.row('a')).run?.executionId).toBe('y');
    });

    it('tells of a cancel recorded before', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.reserve('a');
      await fleet.cancel('a');
      expect(await fleet.begin('a')).toBe('cancelled');
      expect((await fleet.row('a')).run?.executionId).toBe('execution-a-1');
    });

    it('refuses every other attempt', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      expect(await fleet.begin('a')).toBe('not_reserved');
      expect(await fleet.begin('unknown')).toBe('not_reserved');
      await fleet.queue('b');
      expect(await fleet.begin('b', 0)).toBe('not_reserved');
      await fleet.runAndCancel('a');
      expect(await fleet.begin('a')).toBe('not_reserved');
      await fleet.reserve('a');
      expect(await fleet.begin('a', 1)).toBe('not_reserved');
      expect(await fleet.begin('a', 3)).toBe('not_reserved');
      await fleet.run('c');
      await fleet.complete('c', 1);
      expect(await fleet.begin('c')).toBe('not_reserved');
    });
  });
}

function describeProject(make: MakeStores): void {
  describe('project', () => {
    const stores = useStores(make);

    it('shows the view, whole', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      const step = {
        status: 'failed',
        reason: '"no"\n✓',
        metadata: {},
        lastEvent: { fingerprint: 'f' },
      } as const;
      expect(await fleet.project('a', 1, step, { inputs: { team: 'y' } })).toBe('applied');
      const { run, updatedAt } = await fleet.row('a');
      expect(updatedAt).toBe(at(7));
      expect(run).toEqual({
        ...run,
        seq: 1,
        updatedAt: at(7),
        startedAt: at(4),
        executionId: 'execution-a-1',
        inputs: { team: 'y' },
        currentStep: 0,
        attention: { kind: 'step_failed', since: at(7), detail: '"no"\n✓' },
        steps: fleet.view('a', 1, step).steps,
      });
    });

    it('keeps order: an older view is stale, the same one again changes nothing', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.project('a', 5, { status: 'open' });
      const row = await fleet.row('a');
      const position = await stores.events.position('all');
      expect(await fleet.project('a', 4, { status: 'failed' })).toBe('stale');
      expect(await fleet.project('a', 5, { status: 'open' })).toBe('applied');
      expect(await fleet.row('a')).toEqual(row);
      expect(await stores.events.position('all')).toBe(position);
    });

    it('never lets a late one win, whatever the order of many at once', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      const seqs = Array.from({ length: 30 }, (_, index) => ((index * 7) % 30) + 1);
      await Promise.all(
        seqs.map((seq) => fleet.project('a', seq, { attempt: seq, status: seq % 2 ? 'failed' : 'open' })),
      );
      expect((await fleet.row('a')).run).toMatchObject({
        seq: 30,
        steps: [{ attempt: 30, status: 'open' }, {}],
      });
      expect((await fleet.list()).counts.attention).toBe(0);
    });

    it('goes on under a recorded cancel: the run is not over yet', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.cancel('a', { reason: 'why' });
      expect(await fleet.project('a', 1)).toBe('applied');
      expect((await fleet.row('a')).run?.cancel).toEqual({ at: at(100), by: 'ann', reason: 'why' });
    });

    it('refuses a view that dispatches a step once a cancel is recorded, and writes nothing of it', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      expect(await fleet.project('a', 1, {}, { dispatches: true })).toBe('applied');
      await fleet.cancel('a');
      const before = [await fleet.row('a'), await stores.events.position('all')];
      for (const seq of [0, 1, 2]) {
        expect(await fleet.project('a', seq, { attempt: 2 }, { dispatches: true })).toBe('cancelled');
      }
      expect([await fleet.row('a'), await stores.events.position('all')]).toEqual(before);
      expect(await fleet.project('a', 2, { status: 'completed' }, { dispatches: false })).toBe('applied');
      await fleet.settle('a');
      expect(await fleet.project('a', 3, {}, { dispatches: true })).toBe('closed');
    });

    it('is closed for what is over or never was', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      expect(await fleet.project('a', 1)).toBe('closed');
      expect(await fleet.project('unknown', 1)).toBe('closed');
      await fleet.queue('b');
      expect(await fleet.project('b', 1)).toBe('closed');
      await fleet.runAndCancel('a');
      await fleet.reserve('a');
      expect(await fleet.project('a', 99)).toBe('closed');
      expect((await fleet.row('a')).run).toMatchObject({
        attempt: 2,
        seq: 0,
        steps: plannedSteps(definition()),
      });
      await fleet.run('c');
      await fleet.complete('c', 2);
      expect(await fleet.project('c', 3)).toBe('closed');
      expect((await fleet.row('c')).run).toMatchObject({ status: 'completed', seq: 2 });
    });

    it('is a first act too: the reservation can no longer be given back', async () => {
      const fleet = await new Fleet(stores).with('a');
      const manifest = await fleet.reserve('a');
      await fleet.project('a', 1);
      expect(await stores.runs.giveBack(manifest, at(7))).toBe(false);
      expect(await stores.repair.unstarted(at(999), 9)).toEqual([]);
    });
  });
}
