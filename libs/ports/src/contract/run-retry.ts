import { at, definition, Fleet } from './fleet';
import { MISMATCH, UNKNOWN, key } from './run-answers';
import { useStores, type MakeStores } from './stores-under-test';

/** How every RunStore merges inputs into a queued run, and claims retries. */
export function describeInputsAndRetry(make: MakeStores): void {
  describe('mergeQueuedInputs and claimRetry', () => {
    const stores = useStores(make);
    const merge = (id: string, inputs: Record<string, string>) =>
      stores.runs.mergeQueuedInputs('move', id, inputs, at(9));
    const claim = (
      id: string,
      name: string,
      over: { attempt?: number; stepName?: string; fingerprint?: string } = {},
    ) => {
      const { fingerprint = 'f', stepName = 'first', ...rest } = over;
      const address = { migrationId: 'move', candidateId: id, stepName };
      return stores.runs.claimRetry({ ...address, ...rest, ...key(name, fingerprint) });
    };

    it('merges inputs of a queued candidate, losing none of many at once', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.queue('a', { inputs: { keep: '1', over: '1' } });
      expect(await merge('a', { over: '2' })).toEqual({ outcome: 'merged' });
      const more = Array.from({ length: 8 }, (_, index) => ({ [`n${index}`]: 'x' }));
      await Promise.all(more.map((inputs) => merge('a', inputs)));
      const row = await fleet.row('a');
      expect(row).toMatchObject({ updatedAt: at(9), run: { updatedAt: at(9), queuedAt: at(2) } });
      expect(row.run?.inputs).toEqual(Object.assign({ keep: '1', over: '2' }, ...more));
    });

    it('refuses to merge into what is not queued', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      expect(await merge('a', {})).toEqual({ outcome: 'refused', because: 'status' });
      await fleet.run('b');
      expect(await merge('b', {})).toMatchObject({ because: 'status', run: { status: 'running' } });
      expect(await merge('c', {})).toEqual(UNKNOWN);
    });

    it('claims the failed attempt of the current step, named or not, and repeats its answer', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.project('a', 1, { status: 'failed', attempt: 3 });
      const claimed = { outcome: 'claimed', attempt: 3, runAttempt: 1 };
      expect(await claim('a', 'k1')).toEqual(claimed);
      expect(await claim('a', 'k2', { attempt: 3 })).toEqual(claimed);
      await fleet.project('a', 2, { status: 'in_progress', attempt: 4 });
      expect(await claim('a', 'k1')).toEqual({ outcome: 'repeated', attempt: 3, runAttempt: 1 });
      expect(await claim('a', 'k1', { fingerprint: 'other' })).toEqual(MISMATCH);
      expect(await claim('a', 'k3')).toMatchObject({ because: 'status' });
    });

    it('refuses another step, another attempt, a step that has not failed, and a run under cancellation', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      expect(await claim('b', 'k')).toEqual({ outcome: 'refused', because: 'status' });
      expect(await claim('c', 'k')).toEqual(UNKNOWN);
      await fleet.run('a');
      expect(await claim('a', 'k')).toMatchObject({ because: 'status', run: { status: 'running' } });
      await fleet.project('a', 1, { status: 'failed', attempt: 2 });
      expect(await claim('a', 'k', { attempt: 1 })).toMatchObject({ because: 'status' });
      expect(await claim('a', 'k', { attempt: 3 })).toMatchObject({ because: 'status' });
      expect(await claim('a', 'k', { stepName: 'second' })).toMatchObject({ because: 'status' });
      await fleet.cancel('a');
      const { run } = await fleet.row('a');
      expect(await claim('a', 'k')).toEqual({ outcome: 'refused', because: 'status', run });
    });

    it('tells a repeat in a later run attempt which one the key was of', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.runAndCancel('a');
      await fleet.run('a');
      await fleet.project('a', 1, { status: 'failed' }, { runAttempt: 2 });
      expect(await claim('a', 'k')).toEqual({ outcome: 'claimed', attempt: 1, runAttempt: 2 });
      await fleet.settle('a', 2);
      await fleet.run('a');
      await fleet.project('a', 1, { status: 'failed' }, { runAttempt: 3 });
      expect(await claim('a', 'k')).toEqual({ outcome: 'repeated', attempt: 1, runAttempt: 2 });
    });

    it('changes neither run nor definition', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      await fleet.project('a', 1, { status: 'failed', attempt: 1 });
      const before = [await fleet.row('a'), await stores.events.position('all')];
      await claim('a', 'k1');
      expect([await fleet.row('a'), await stores.events.position('all')]).toEqual(before);
      expect(await stores.migrations.get('move')).toMatchObject({ steps: definition().steps, revision: 1 });
    });
  });
}
