import type { Outbox, OutboxMessage } from '../outbox';

interface Lane {
  due: number;
  messages: OutboxMessage[];
}

/** Outbox in memory. */
export function createMemoryOutbox(): Outbox {
  const lanes = new Map<string, Lane>();
  const laneOf = (message: OutboxMessage): Lane | undefined => lanes.get(message.workKey);

  return {
    put: (message, now) => {
      const lane = lanes.get(message.workKey) ?? { due: now, messages: [] };
      lanes.set(message.workKey, lane);
      const known = lane.messages.some(({ id }) => id === message.id);
      if (!known) lane.messages.push({ ...structuredClone(message), putAt: now, attempts: 0 });
      return Promise.resolve();
    },
    claim: (now, until, limit) => {
      const due = [...lanes.values()].filter((lane) => lane.due <= now).sort((a, b) => a.due - b.due);
      const claimed = due.slice(0, limit);
      for (const lane of claimed) lane.due = until;
      return Promise.resolve(structuredClone(claimed.flatMap(({ messages }) => messages.slice(0, 1))));
    },
    defer: (message, at) => {
      const lane = laneOf(message);
      const known = lane?.messages.find(({ id }) => id === message.id);
      if (lane && known) {
        known.attempts += 1;
        lane.due = at;
      }
      return Promise.resolve();
    },
    settle: (message, now) => {
      const lane = laneOf(message);
      if (lane?.messages[0]?.id !== message.id) return Promise.resolve();
      lane.messages.shift();
      lane.due = now;
      if (lane.messages.length === 0) lanes.delete(message.workKey);
      return Promise.resolve();
    },
    size: () => Promise.resolve([...lanes.values()].reduce((sum, { messages }) => sum + messages.length, 0)),
  };
}
