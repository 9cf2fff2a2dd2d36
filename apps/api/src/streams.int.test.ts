import { createProcessGroup, redisOnDisk, startRedis, testRedisProgram, type Server } from '@loom/dev-stack';
import type { EventFrame } from '@loom/api-types';
import { connectRedis, createRedisStores } from '@loom/redis-store';
import { createApp, type AppDeps } from './app';
import { openStream, reader } from './testing/streams';
import { serve } from './testing/serve';
import { createWorld, M } from './testing/world';

const ALL = { limit: 10_000, waitMs: 0, signal: new AbortController().signal };

const group = createProcessGroup();
const closers: (() => Promise<void> | void)[] = [];
let own: Server;
beforeAll(async () => {
  const directory = group.temporaryDirectory('loom-streams-');
  own = await startRedis({ group, program: testRedisProgram(), directory });
});
afterEach(async () => {
  const redis = await client();
  for (const close of closers.splice(0, closers.length - 1).reverse()) await close();
  await redis.flushall();
  for (const close of closers.splice(0)) await close();
});
afterAll(() => group.stopAll());

async function client() {
  const redis = connectRedis({ addr: own.address });
  await redis.connect().catch(() => undefined);
  closers.push(() => redis.disconnect());
  return redis;
}

/** One api process on the Redis of this file; two of them share nothing else. */
async function replica(options: { streamLength?: number; streams?: AppDeps['streams'] } = {}) {
  const redis = await client();
  const { streamLength = 10_000, streams = {} } = options;
  const stores = createRedisStores({ redis, streamLength });
  const world = createWorld({ ...stores });
  const stopping = new AbortController();
  const readiness = () => Promise.resolve({ status: 'ready' as const, dependencies: [] });
  const { service, logger } = world;
  const app = createApp({ service, readiness, logger, stopping: stopping.signal, streams });
  const { url, close } = await serve(app);
  closers.push(
    () => stores.close(),
    close,
    () => stopping.abort(),
  );
  return { ...world, stores, url, redis };
}
type Replica = Awaited<ReturnType<typeof replica>>;

/** A stream with its frames; `after`: the last id that was got of another. */
async function listen({ url }: Replica, after?: string) {
  const headers = after === undefined ? undefined : { 'last-event-id': after };
  const response = await openStream(`${url}/migrations/${M}/events`, headers);
  closers.push(() => void response.destroy());
  return { response, ...reader(response) };
}

/** Queues the candidate through this replica, or dequeues it. */
async function toggle({ url, stores }: Replica, candidateId: string): Promise<void> {
  const { status } = (await stores.candidates.get(M, candidateId)) ?? {};
  const [method, action] = status === 'queued' ? ['DELETE', 'dequeue'] : ['POST', 'queue'];
  const answer = await fetch(`${url}/migrations/${M}/candidates/${candidateId}/${action}`, { method });
  if (!answer.ok) throw new Error(`${action}: ${String(answer.status)}`);
}

const candidatesIn = (frames: EventFrame[]) =>
  frames.filter(({ event }) => event === 'candidate').map(({ id }) => id);

describe('event streams of many replicas on one store', () => {
  it('miss nothing and tell nothing twice to a reader that goes from one to the other', async () => {
    const [a, b] = [await replica(), await replica()];
    await a.announce({}, [{ id: 'c1' }, { id: 'c2' }]);
    const start = await a.stores.events.position({ migrationId: M });
    let busy = true;
    const writing = Promise.all(
      [a, b].map(async (each, index) => {
        while (busy) await toggle(each, `c${String(index + 1)}`);
      }),
    );
    const seen: EventFrame[] = [];
    for (let turn = 0; turn < 10; turn += 1) {
      const stream = await listen(turn % 2 === 0 ? a : b, seen.at(-1)?.id ?? start);
      await stream.until(() => stream.frames.length >= 5 + 3 * turn);
      stream.response.destroy();
      seen.push(...stream.frames);
    }
    busy = false;
    await writing;
    const { entries } = await a.stores.events.read({ migrationId: M }, start, ALL);
    const told = entries.filter(({ event }) => event.type === 'candidate').map(({ position }) => position);
    expect(candidatesIn(seen)).toEqual(told.slice(0, candidatesIn(seen).length));
    expect(candidatesIn(seen).length).toBeGreaterThan(50);
    expect(seen.some(({ event }) => event === 'reset')).toBe(false);
  });

  it('of 500 readers of one replica use one connection, and read each change once', async () => {
    const a = await replica({ streams: { mostPerClient: 500 } });
    await a.announce({}, [{ id: 'c1' }]);
    const streams = await Promise.all(Array.from({ length: 500 }, () => listen(a)));
    const admin = await client();
    const subscribers = String(await admin.client('LIST')).split('\n');
    expect(subscribers.filter((line) => line.includes('name=loom-streams'))).toHaveLength(1);
    const scripts = async () =>
      Number(/cmdstat_evalsha:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);
    await Promise.all(streams.map(({ until, text }) => until(() => text().includes('retry:'))));
    const before = await scripts();
    await toggle(a, 'c1');
    await Promise.all(streams.map(({ until, frames }) => until(() => candidatesIn(frames).length === 1)));
    expect((await scripts()) - before).toBeLessThan(30);
    expect((await fetch(`${a.url}/events`)).status).toBe(429);
    // A bound of what hangs: 500 connections of one process to itself take two busy cores long.
  });

  it('say reset to a reader that takes so little that it fell behind what is held, and go on', async () => {
    const a = await replica({ streamLength: 20 });
    await a.announce({ steps: [{ name: 's', migratorApp: 'app' }] }, [{ id: 'c1' }]);
    await a.start('c1');
    const slow = await listen(a);
    slow.response.pause();
    const run = { migrationId: M, candidateId: 'c1', runAttempt: 1, currentStep: 0, inputs: {} };
    const text = 'x'.repeat(60_000);
    const project = (seq: number) => {
      const step = { stepName: 's', status: 'open' as const, attempt: 1, metadata: { text, seq: `${seq}` } };
      return a.stores.ledger.project({ ...run, seq, steps: [step], at: new Date().toISOString() });
    };
    for (let seq = 1; seq <= 600; seq += 1) await project(seq);
    slow.response.resume();
    const types = () => slow.frames.map(({ event }) => event);
    await slow.until(() => types().includes('reset'));
    expect(slow.frames.length).toBeLessThan(1000);
    await project(601);
    const last = () => types().lastIndexOf('step') > types().indexOf('reset');
    await slow.until(last);
  });

  it('outlast a kill of the store: the same stream goes on where it was', async () => {
    const [a, b] = [await replica({ streams: { retryMs: 50 } }), await replica()];
    await a.announce({}, [{ id: 'c1' }]);
    const stream = await listen(a);
    await toggle(a, 'c1');
    await stream.until(() => candidatesIn(stream.frames).length === 1);
    await redisOnDisk(own.port);
    await own.kill();
    await stream.until(() => stream.text().includes('cannot be read'));
    // Of another replica, and while the store is away: a refusal would be the last that a browser asks.
    const resumed = await listen(b, stream.frames.at(-1)?.id);
    expect((await fetch(`${b.url}/migrations/${M}/events`)).status).toBe(503);
    await own.restart();
    await recovered(() => toggle(b, 'c1'));
    await stream.until(() => candidatesIn(stream.frames).length === 2);
    await resumed.until(() => candidatesIn(resumed.frames).length === 1);
    expect(candidatesIn(resumed.frames)).toEqual(candidatesIn(stream.frames).slice(1));
    for (const { frames } of [stream, resumed])
      expect(frames.map(({ event }) => event)).not.toContain('reset');
    expect(stream.response.complete).toBe(false);
  });

  it('say reset when the store has lost what they told', async () => {
    const a = await replica();
    await a.announce({}, [{ id: 'c1' }]);
    const stream = await listen(a);
    await toggle(a, 'c1');
    await stream.until(() => candidatesIn(stream.frames).length === 1);
    await (await client()).flushall();
    await a.announce({}, [{ id: 'c1' }]);
    await stream.until(() => stream.frames.at(-1)?.event === 'reset');
    await toggle(a, 'c1');
    await stream.until(() => candidatesIn(stream.frames).length === 2);
    await toggle(a, 'c1');
    // A position between two that are held: an entry that a restart has lost.
    const lost = await listen(a, candidatesIn(stream.frames).at(-1)?.replace(/\d+$/, '999'));
    await lost.until(() => lost.frames.length > 0);
    expect(lost.frames[0]).toMatchObject({ event: 'reset' });
  });
});

/** Repeats `call` until it works; bounded by the test's own time. */
async function recovered(call: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      await call();
      return;
    } catch {
      await new Promise(setImmediate);
    }
  }
}
