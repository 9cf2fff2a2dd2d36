import { plannedSteps } from '@loom/domain';
import { at, definition, Fleet } from './fleet';
import { useStores, type MakeStores } from './stores-under-test';

/** How every RunLedger completes a run. */
export function describeComplete(make: MakeStores): void {
  describe('complete', () => {
    const stores = useStores(make);

    it('completes with the last view, and answers repeats alike', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.project('a', 1, { status: 'failed' });
      expect(await fleet.complete('a', 2)).toBe('applied');
      const row = await fleet.row('a');
      expect(row).toMatchObject({
        status: 'completed',
        updatedAt: at(8),
        run: { status: 'completed', completedAt: at(8), seq: 2, steps: [{ status: 'completed' }, {}] },
      });
      expect(row.run).not.toHaveProperty('attention');
      expect(await fleet.complete('a', 2)).toBe('applied');
      expect(await fleet.row('a')).toEqual(row);
      expect((await fleet.list()).counts).toMatchObject({ completed: 1, running: 0, attention: 0 });
    });

    it('never follows a recorded cancel', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.cancel('a');
      expect(await fleet.complete('a', 1)).toBe('cancelled');
      expect((await fleet.row('a')).status).toBe('running');
    });

    it('decides a race with a cancel one way only', async () => {
      const ids = Array.from({ length: 20 }, (_, index) => `c${index}`);
      const fleet = await new Fleet(stores).with(...ids);
      for (const id of ids) {
        await fleet.run(id);
        const [completed, cancelled] = await Promise.all([fleet.complete(id, 1), fleet.cancel(id)]);
        const { status, run } = await fleet.row(id);
        expect([completed, cancelled.outcome, status, run?.cancel === undefined]).toEqual(
          completed === 'applied'
            ? ['applied', 'refused', 'completed', true]
            : ['cancelled', 'recorded', 'running', false],
        );
      }
    });

    it('is stale behind a newer view, and closed for what is over or never was', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      await fleet.run('a');
      await fleet.project('a', 5);
      expect(await fleet.complete('a', 4)).toBe('stale');
      expect((await fleet.row('a')).status).toBe('running');
      expect(await fleet.complete('a', 5)).toBe('applied');
      expect(await fleet.complete('a', 6, 2)).toBe('closed');
      expect(await fleet.complete('b', 1)).toBe('closed');
      await fleet.runAndCancel('b');
      expect(await fleet.complete('b', 9)).toBe('closed');
      expect((await fleet.row('b')).status).toBe('not_started');
    });
  });
}

/** How every RunLedger settles a cancel. */
export function describeSettle(make: MakeStores): void {
  describe('settleCancel', () => {
    const stores = useStores(make);
    const attempts = async () => (await stores.reader.cancelledAttempts('move', { limit: 9 })).rows;

    it('resets the candidate and keeps the attempt, exactly once', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.project('a', 1, { status: 'open' });
      await fleet.cancel('a', { at: at(10), by: 'ann', reason: 'why' });
      const { steps } = fleet.view('a', 1, { status: 'open', metadata: {} });
      expect(await fleet.settle('a', 1, steps)).toBe('applied');
      expect(await fleet.settle('a', 1, steps)).toBe('applied');
      expect(await fleet.row('a')).toEqual({
        candidate: { id: 'a' },
        status: 'not_started',
        updatedAt: at(101),
      });
      const attempt = { runId: 'move__a', candidateId: 'a', attempt: 1, cancelledAt: at(10) };
      expect(await attempts()).toEqual([{ ...attempt, cancelledBy: 'ann', reason: 'why', steps }]);
      expect(await stores.reader.nonce('move', 'a', 1)).toBe('nonce-a');
      expect(await stores.reader.manifest('move', 'a')).toBeUndefined();
    });

    it('keeps the steps as the store shows them where it is told none', async () => {
      const fleet = await new Fleet(stores).with('a', 'planned');
      const address = (id: string) => fleet.address(id, 1);
      const end = { at: at(101), fallback: { by: 'temporal', reason: 'outside' } };
      await fleet.run('a');
      await fleet.project('a', 1, { status: 'open', metadata: { pr: '7\n"é' } });
      const { run } = await fleet.row('a');
      await fleet.reserve('planned');
      for (const id of ['a', 'planned']) {
        await fleet.cancel(id);
        expect(await stores.ledger.settleCancel({ ...address(id), ...end })).toBe('applied');
      }
      const [planned, shown] = await attempts();
      expect(shown).toMatchObject({ candidateId: 'a', steps: run?.steps });
      expect(shown?.steps[0]).toMatchObject({ status: 'open', metadata: { pr: '7\n"é' } });
      expect(planned?.steps).toEqual(plannedSteps(definition()));
    });

    it('keeps one attempt of many settlements at once', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.cancel('a');
      const outcomes = await Promise.all(Array.from({ length: 20 }, () => fleet.settle('a')));
      expect(new Set(outcomes)).toEqual(new Set(['applied']));
      expect(await attempts()).toHaveLength(1);
      expect((await fleet.list()).counts).toMatchObject({ not_started: 1, running: 0 });
    });

    it('is stale where the store shows another view than it is conditional on', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.project('a', 4);
      const end = { ...fleet.address('a', 1), at: at(101), fallback: { by: 'f', reason: 'f' } };
      expect(await stores.ledger.settleCancel({ ...end, seq: 3 })).toBe('stale');
      expect((await fleet.row('a')).status).toBe('running');
      expect(await stores.ledger.settleCancel({ ...end, seq: 4 })).toBe('applied');
      expect(await stores.ledger.settleCancel({ ...end, seq: 4 })).toBe('applied');
      expect(await attempts()).toHaveLength(1);
    });

    it('uses the fallback where no cancel is recorded', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.settle('a');
      expect(await attempts()).toMatchObject([
        { cancelledBy: 'temporal', reason: 'outside', cancelledAt: at(101), steps: [] },
      ]);
    });

    it('keeps a missing reason missing', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.runAndCancel('a');
      expect((await attempts())[0]).not.toHaveProperty('reason');
    });

    it('answers a late repeat alike when a newer attempt runs, and leaves that one alone', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.runAndCancel('a');
      await fleet.run('a', { nonce: 'second' });
      expect(await fleet.settle('a', 1)).toBe('applied');
      expect((await fleet.row('a')).run).toMatchObject({ status: 'running', attempt: 2, nonce: 'second' });
      expect(await attempts()).toHaveLength(1);
    });

    it('is closed for what was completed, only queued, or never was', async () => {
      const fleet = await new Fleet(stores).with('a', 'b', 'c');
      await fleet.run('a');
      await fleet.complete('a', 1);
      expect(await fleet.settle('a')).toBe('closed');
      await fleet.queue('b');
      await fleet.cancel('b');
      expect(await fleet.settle('b', 1)).toBe('closed');
      expect(await fleet.settle('c')).toBe('closed');
      expect(await fleet.settle('unknown')).toBe('closed');
      expect((await fleet.row('a')).status).toBe('completed');
    });
  });
}
