import { at, definition, Fleet } from './fleet';
import { describeReserve } from './run-reserve';
import { useStores, type MakeStores } from './stores-under-test';

const UNKNOWN = { outcome: 'refused', because: 'unknown' };
const MISMATCH = { outcome: 'refused', because: 'idempotency_mismatch' };
const key = (name: string, fingerprint = 'f') => ({ idempotency: { key: name, fingerprint } });

/** What every RunStore does. */
export function describeRunStore(name: string, make: MakeStores): void {
  describe(`${name} as a RunStore`, () => {
    describeReserve(make);
    describeQueue(make);
    describeCancel(make);
    describeInputsAndRetry(make);
  });
}

function describeQueue(make: MakeStores): void {
  describe('queue and dequeue', () => {
    const stores = useStores(make);

    it('queues with inputs, and leaves no trace when dequeued', async () => {
      const fleet = await new Fleet(stores).with('a');
      expect(await fleet.queue('a', { inputs: { team: 'x', empty: '' } })).toEqual({ outcome: 'queued' });
      expect(await fleet.row('a')).toEqual({
        candidate: { id: 'a' },
        status: 'queued',
        updatedAt: at(2),
        run: {
          runId: 'move__a',
          migrationId: 'move',
          candidateId: 'a',
          status: 'queued',
          attempt: 0,
          inputs: { team: 'x', empty: '' },
          queuedAt: at(2),
          updatedAt: at(2),
          seq: 0,
          steps: [],
          currentStep: 0,
          nonce: '',
        },
      });
      expect(await fleet.dequeue('a')).toEqual({ outcome: 'dequeued' });
      expect(await fleet.row('a')).toEqual({
        candidate: { id: 'a' },
        status: 'not_started',
        updatedAt: at(3),
      });
      expect((await stores.reader.cancelledAttempts('move', { limit: 9 })).rows).toEqual([]);
    });

    it('refuses by status, telling the run that stands there', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      expect(await fleet.dequeue('a')).toEqual({ outcome: 'refused', because: 'status' });
      await fleet.queue('a');
      const { run } = await fleet.row('a');
      expect(await fleet.queue('a')).toEqual({ outcome: 'refused', because: 'status', run });
      await fleet.run('b');
      expect(await fleet.queue('b')).toMatchObject({ because: 'status', run: { status: 'running' } });
      expect(await fleet.dequeue('b')).toMatchObject({ because: 'status', run: { status: 'running' } });
      await fleet.complete('b', 1);
      expect(await fleet.queue('b')).toMatchObject({ because: 'status', run: { status: 'completed' } });
      expect(await fleet.dequeue('b')).toMatchObject({ because: 'status', run: { status: 'completed' } });
    });

    it('refuses what is unknown', async () => {
      const fleet = await new Fleet(stores).with('a');
      expect(await fleet.queue('b')).toEqual(UNKNOWN);
      expect(await fleet.dequeue('b')).toEqual(UNKNOWN);
      expect(await new Fleet(stores, 'nothing').queue('a')).toEqual(UNKNOWN);
    });

    it('answers a repeated key as the first time, and refuses the key for something else', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      expect(await fleet.queue('a', key('k'))).toEqual({ outcome: 'queued' });
      await fleet.dequeue('a');
      expect(await fleet.queue('a', key('k'))).toEqual({ outcome: 'repeated', attempt: 0, runAttempt: 0 });
      expect((await fleet.row('a')).status).toBe('not_started');
      expect(await fleet.queue('b', key('k', 'other'))).toEqual(MISMATCH);
    });

    it('does not keep the key of a refusal', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.queue('a');
      expect(await fleet.queue('a', key('k'))).toMatchObject({ because: 'status' });
      await fleet.dequeue('a');
      expect(await fleet.queue('a', key('k', 'other'))).toEqual({ outcome: 'queued' });
    });
  });
}

function describeCancel(make: MakeStores): void {
  describe('cancel', () => {
    const stores = useStores(make);

    it('records the wish on a running run, once: the first time, author and reason stay', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      const first = await fleet.cancel('a', { at: at(10), by: 'ann', reason: 'why "not" ✓' });
      const cancel = { at: at(10), by: 'ann', reason: 'why "not" ✓' };
      expect(first).toEqual({ outcome: 'recorded', run: (await fleet.row('a')).run });
      expect(first).toMatchObject({ run: { status: 'running', updatedAt: at(10), cancel } });
      const again = await fleet.cancel('a', { at: at(20), by: 'bob', reason: 'other' });
      expect(again).toEqual(first);
    });

    it('records one without a reason', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.run('a');
      expect(await fleet.cancel('a')).toMatchObject({ run: { cancel: { at: at(100), by: 'ann' } } });
      expect((await fleet.row('a')).run?.cancel).not.toHaveProperty('reason');
    });

    it('ends a queued one at once, with a cancelled attempt that takes the next number', async () => {
      const fleet = await new Fleet(stores).with('a');
      await fleet.queue('a');
      expect(await fleet.cancel('a', { reason: 'no' })).toEqual({ outcome: 'ended_queued' });
      expect(await fleet.row('a')).toEqual({
        candidate: { id: 'a' },
        status: 'not_started',
        updatedAt: at(100),
      });
      const attempt = { runId: 'move__a', candidateId: 'a', attempt: 1, cancelledAt: at(100) };
      expect((await stores.reader.cancelledAttempts('move', { limit: 9 })).rows).toEqual([
        { ...attempt, cancelledBy: 'ann', reason: 'no', steps: [] },
      ]);
      expect((await fleet.reserve('a')).runAttempt).toBe(2);
      expect(await stores.reader.nonce('move', 'a', 1)).toBeUndefined();
    });

    it('refuses what neither runs nor is queued, and what is unknown', async () => {
      const fleet = await new Fleet(stores).with('a', 'b');
      expect(await fleet.cancel('a')).toEqual({ outcome: 'refused', because: 'status' });
      await fleet.run('b');
      await fleet.complete('b', 1);
      expect(await fleet.cancel('b')).toMatchObject({ because: 'status', run: { status: 'completed' } });
      expect(await fleet.cancel('c')).toEqual(UNKNOWN);
    });
  });
}

function describeInputsAndRetry(make: MakeStores): void {
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
      const claimed = { outcome: 'claimed', attempt: 3 };
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
      expect(await claim('a', 'k')).toEqual({ outcome: 'claimed', attempt: 1 });
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
