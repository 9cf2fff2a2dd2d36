import { noTracing } from '@loom/ports';
import type { LoomAnswer } from '../loom/loom-client';
import { someWork } from '../ports/contract/work-store-contract';
import { createMemoryOutbox } from '../ports/memory/memory-outbox';
import { createMemoryWorkStore } from '../ports/memory/memory-work-store';
import type { NewOutboxMessage, Outbox, WorkIndex, WorkStore } from '../ports';
import { createFakeLoom, type FakeLoom } from '../testing/fake-loom';
import { memoryLogger } from '../testing/memory-migrator';
import { deliver, retryDelay, startDeliverer, type DelivererDeps } from './deliverer';

const pullRequest = { repo: 'acme/x', number: 7, url: 'u', branch: 'b' };
const merged: NewOutboxMessage = {
  id: 'e2',
  workKey: 'k',
  callbackId: 'the-secret-callback',
  event: { stepName: 's', candidateId: 'c', status: 'merged', eventId: 'e2' },
};
const open = { ...merged, id: 'e1', event: { ...merged.event, status: 'open' as const, eventId: 'e1' } };

let time: number;
let store: WorkStore & WorkIndex;
let outbox: Outbox;
let loom: FakeLoom;
let logs: { level: string; message: string; fields: unknown }[];
let deps: DelivererDeps;

beforeEach(async () => {
  time = Date.parse('2026-01-02T00:00:00Z');
  store = createMemoryWorkStore();
  outbox = createMemoryOutbox();
  loom = createFakeLoom();
  logs = [];
  deps = {
    outbox,
    store,
    loom,
    logger: memoryLogger(logs),
    tracing: noTracing,
    now: () => time,
    random: () => 1,
    concurrency: 4,
  };
  await store.accept(someWork('k'));
  await store.await('k', pullRequest);
});

/** Delivers what is due now. */
async function round(): Promise<number> {
  const messages = await outbox.claim(time, time + 15_000, 10);
  for (const message of messages) await deliver(deps, message);
  return messages.length;
}

describe('a callback that is not accepted', () => {
  test('is sent again ever later, with the same eventId, and its record stays until it is accepted', async () => {
    await outbox.put(merged, time);
    loom.answers.push(new Error('connection refused'), { status: 503 }, { status: 500 });
    const waits = [500, 1000, 2000];
    for (const wait of waits) {
      expect(await round()).toBe(1);
      expect(await store.byPullRequest('acme/x', 7)).toBeDefined();
      time += wait - 1;
      expect(await round()).toBe(0);
      time += 1;
    }
    expect(await round()).toBe(1);
    expect(loom.events).toEqual([{ callbackId: 'the-secret-callback', event: merged.event }]);
    expect(await store.byPullRequest('acme/x', 7)).toBeUndefined();
    expect(await outbox.size()).toBe(0);
  });

  test.each([301, 401, 403, 404, 408, 422, 425, 429, 500, 503])(
    '%s is not the last word: the event stays, and is delivered once Loom takes it',
    async (status) => {
      await outbox.put(merged, time);
      loom.answers.push({ status }, { status });
      for (const wait of [500, 1000]) {
        await round();
        expect(await store.byPullRequest('acme/x', 7)).toBeDefined();
        time += wait;
      }
      await round();
      expect(loom.events).toEqual([{ callbackId: 'the-secret-callback', event: merged.event }]);
      expect(await outbox.size()).toBe(0);
      // The client has told of a Loom that is away, once for all events.
      const level = status === 503 ? 'debug' : 'warn';
      expect(logs.map((line) => line.level)).toEqual([level, level, 'debug']);
    },
  );

  test.each<[string, LoomAnswer | Error]>([
    ['is refused', { status: 404, code: 'not_found' }],
    ['finds nobody', new Error('connection refused')],
  ])('and %s for seven days is given up, with an error line', async (_, answer) => {
    await outbox.put(merged, time);
    loom.answers.push(answer, answer);
    time += 7 * 24 * 3600_000 - 1;
    await round();
    expect(await outbox.size()).toBe(1);
    time += 60_000;
    await round();
    expect(await outbox.size()).toBe(0);
    expect(await store.byPullRequest('acme/x', 7)).toBeUndefined();
    expect(logs.map(({ level }) => level)).toEqual(['warn', 'error']);
    expect(JSON.stringify(logs)).not.toContain('the-secret-callback');
  });

  test('is delivered however old it is, when Loom takes it', async () => {
    await outbox.put(merged, time);
    time += 30 * 24 * 3600_000;
    await round();
    expect(loom.events).toHaveLength(1);
  });

  test('waits as long as Loom asks', async () => {
    await outbox.put(merged, time);
    loom.answers.push({ status: 429, retryAfterMs: 30_000 });
    await round();
    time += 29_999;
    expect(await round()).toBe(0);
    time += 1;
    expect(await round()).toBe(1);
    expect(loom.events).toHaveLength(1);
  });

  test('keeps the order of its callback', async () => {
    await outbox.put(open, time);
    await outbox.put(merged, time);
    loom.answers.push({ status: 401 });
    await round();
    expect(loom.events).toEqual([]);
    time += 500;
    await round();
    await round();
    expect(loom.events.map(({ event }) => event.status)).toEqual(['open', 'merged']);
  });

  test('survives a restart of the process', async () => {
    await outbox.put(merged, time);
    loom.answers.push(new Error('away'));
    await round();
    time += 500;
    const restarted = startDeliverer({ ...deps, random: () => 0 });
    expect((await loom.event('merged')).eventId).toBe('e2');
    await restarted.stop();
  });
});

describe('a callback that Loom will never take', () => {
  test.each<[number, string | undefined, string]>([
    [409, 'event_not_expected', 'info'],
    [400, 'invalid_request', 'error'],
    [413, 'payload_too_large', 'error'],
    [415, 'unsupported_media_type', 'error'],
  ])('%s is dropped with a line in the log, and without its secret', async (status, code, level) => {
    await outbox.put(merged, time);
    loom.answers.push({ status, ...(code === undefined ? {} : { code }) });
    await round();
    expect(await outbox.size()).toBe(0);
    expect(await store.byPullRequest('acme/x', 7)).toBeUndefined();
    expect(logs.map((line) => line.level)).toEqual([level]);
    expect(JSON.stringify(logs)).not.toContain('the-secret-callback');
  });

  test('an open that is dropped leaves the pull request watched', async () => {
    await outbox.put(open, time);
    loom.answers.push({ status: 409, code: 'event_not_expected' });
    await round();
    expect(await store.byPullRequest('acme/x', 7)).toBeDefined();
  });
});

test.each([
  ['merged', []],
  ['failed', ['k']],
] as const)('after %s is accepted, a cancel finds of what was pushed: %j', async (status, found) => {
  await store.pushing('k', { repo: 'acme/x', branch: 'b' });
  await outbox.put({ ...merged, event: { ...merged.event, status } }, time);
  await round();
  expect((await store.cancel(someWork('k'), time)).map(({ key }) => key)).toEqual(found);
});

test('the wait is random by half, and bounded', () => {
  const answer: LoomAnswer = { status: 503 };
  expect(retryDelay(answer, 0, 0)).toBe(250);
  expect(retryDelay(answer, 0, 1)).toBe(500);
  expect(retryDelay(answer, 999, 1)).toBe(60_000);
  expect(retryDelay({ status: 401 }, 999, 0)).toBe(30_000);
  expect(retryDelay({ status: 503, retryAfterMs: 1e9 }, 0, 1)).toBe(600_000);
  expect(retryDelay({ status: 202 }, 0, 1)).toBeUndefined();
});
