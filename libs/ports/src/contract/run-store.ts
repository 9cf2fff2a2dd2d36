import { at, Fleet } from './fleet';
import { MISMATCH, UNKNOWN, key } from './run-answers';
import { describeGiveBack } from './run-give-back';
import { describeReserve } from './run-reserve';
import { describeReset } from './run-reset';
import { describeInputsAndRetry } from './run-retry';
import { useStores, type MakeStores } from './stores-under-test';

/** What every RunStore does. */
export function describeRunStore(name: string, make: MakeStores): void {
  describe(`${name} as a RunStore`, () => {
    describeReserve(make);
    describeGiveBack(make);
    describeQueue(make);
    describeCancel(make);
    describeReset(make);
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
