import { describeStores } from '../contract';
import { at, Fleet } from '../contract/fleet';
import { createMemoryStores } from './memory-stores';

describeStores('memory', (options) =>
  Promise.resolve({ ...createMemoryStores(options), cleanup: () => Promise.resolve() }),
);

describe('memory stores', () => {
  it('forget an idempotency key after 24 hours, not before', async () => {
    let now = 0;
    const stores = createMemoryStores({ now: () => now });
    const fleet = await new Fleet(stores).with('a');
    const idempotency = { key: 'k', fingerprint: 'f' };
    await fleet.queue('a', { idempotency });
    await fleet.dequeue('a');
    now = 24 * 60 * 60 * 1000 - 1;
    expect(await fleet.queue('a', { idempotency })).toMatchObject({ outcome: 'repeated', attempt: 0 });
    now += 1;
    expect(await fleet.queue('a', { idempotency })).toEqual({ outcome: 'queued' });
  });

  it('share no object with their callers', async () => {
    const stores = createMemoryStores();
    const fleet = await new Fleet(stores).with();
    const candidate = { id: 'a', metadata: { team: 'x' } };
    await fleet.submit(candidate);
    candidate.metadata.team = 'changed';
    const row = await fleet.row('a');
    row.candidate.kind = 'changed';
    expect(await fleet.row('a')).toEqual({
      candidate: { id: 'a', metadata: { team: 'x' } },
      status: 'not_started',
      updatedAt: at(1),
    });
  });
});
