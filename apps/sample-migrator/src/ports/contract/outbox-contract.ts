import type { NewOutboxMessage, Outbox, OutboxMessage } from '../outbox';

function message(id: string, workKey = 'w'): NewOutboxMessage {
  return {
    id,
    workKey,
    callbackId: 'c',
    event: { stepName: 's', candidateId: 'x', status: 'open', metadata: {}, eventId: id },
  };
}

/** What every Outbox does; `create` gives an empty one. */
export function outboxContract(name: string, create: () => Promise<Outbox>): void {
  describe(`Outbox: ${name}`, () => {
    let outbox: Outbox;
    beforeEach(async () => {
      outbox = await create();
    });
    const ids = (messages: OutboxMessage[]): string[] => messages.map(({ id }) => id).sort();

    test('messages of one work come one after another, those of others beside', async () => {
      await outbox.put(message('1'), 0);
      await outbox.put(message('2'), 0);
      await outbox.put(message('3', 'v'), 0);
      const first = await outbox.claim(0, 100, 10);
      expect(ids(first)).toEqual(['1', '3']);
      expect(first.find(({ id }) => id === '1')).toEqual({ ...message('1'), putAt: 0, attempts: 0 });
      expect(await outbox.claim(50, 150, 10)).toEqual([]);
      await outbox.settle({ ...message('1'), putAt: 0, attempts: 0 }, 60);
      expect(ids(await outbox.claim(60, 160, 10))).toEqual(['2']);
      expect(await outbox.size()).toBe(2);
    });

    test('a deferred message counts its attempts, comes back in time, and is not overtaken', async () => {
      await outbox.put(message('1'), 0);
      await outbox.put(message('2'), 0);
      const [claimed] = await outbox.claim(0, 100, 10);
      if (!claimed) throw new Error('nothing was claimed');
      await outbox.defer(claimed, 500);
      await outbox.put(message('4'), 10);
      expect(await outbox.claim(499, 600, 10)).toEqual([]);
      expect(await outbox.claim(500, 600, 10)).toEqual([{ ...message('1'), putAt: 0, attempts: 1 }]);
    });

    test('a claim that ran out is claimed again', async () => {
      await outbox.put(message('1'), 0);
      await outbox.claim(0, 100, 10);
      expect(ids(await outbox.claim(100, 200, 10))).toEqual(['1']);
    });

    test('the same id is there once', async () => {
      await outbox.put(message('1'), 0);
      await outbox.put(message('1'), 0);
      expect(await outbox.size()).toBe(1);
    });

    test('settling what is not the head changes nothing', async () => {
      await outbox.put(message('1'), 0);
      await outbox.put(message('2'), 0);
      await outbox.settle({ ...message('2'), putAt: 0, attempts: 0 }, 0);
      await outbox.settle({ ...message('9', 'none'), putAt: 0, attempts: 0 }, 0);
      expect(await outbox.size()).toBe(2);
      await outbox.settle({ ...message('1'), putAt: 0, attempts: 0 }, 0);
      await outbox.settle({ ...message('2'), putAt: 0, attempts: 0 }, 0);
      expect(await outbox.size()).toBe(0);
      expect(await outbox.claim(999, 1000, 10)).toEqual([]);
    });
  });
}
