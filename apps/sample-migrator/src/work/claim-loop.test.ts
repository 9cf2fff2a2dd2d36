import { startClaimLoop } from './claim-loop';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('runs at most so many at a time, and all of them', async () => {
  const waiting = Array.from({ length: 10 }, (_, index) => index);
  const ends: (() => void)[] = [];
  const done: number[] = [];
  let most = 0;
  const loop = startClaimLoop<number>({
    claim: (limit) => Promise.resolve(waiting.splice(0, limit)),
    run: async (item) => {
      await new Promise<void>((resolve) => ends.push(resolve));
      done.push(item);
    },
    concurrency: 3,
    intervalMs: 1_000_000,
    onError: (error) => {
      throw error;
    },
  });
  for (let turns = 0; done.length < 10; turns += 1) {
    if (turns > 1_000) throw new Error(`only ${String(done.length)} are done`);
    await turn();
    most = Math.max(most, ends.length);
    ends.splice(0).forEach((end) => end());
  }
  expect(most).toBe(3);
  await loop.stop();
});

test('a failure is told, and the loop goes on', async () => {
  const errors: unknown[] = [];
  const batches: (string[] | Error)[] = [['a'], new Error('store is away'), ['b']];
  const done: string[] = [];
  const loop = startClaimLoop<string>({
    claim: () => {
      const batch = batches.shift() ?? [];
      return batch instanceof Error ? Promise.reject(batch) : Promise.resolve(batch);
    },
    run: (item) => {
      done.push(item);
      return item === 'a' ? Promise.reject(new Error('a failed')) : Promise.resolve();
    },
    concurrency: 1,
    intervalMs: 1_000_000,
    onError: (error) => errors.push(error),
  });
  for (let turns = 0; done.length < 2; turns += 1) {
    if (turns > 1_000) throw new Error('b is not done');
    await turn();
    loop.nudge();
  }
  expect(errors.map(String)).toEqual(expect.arrayContaining(['Error: a failed', 'Error: store is away']));
  await loop.stop();
});

test('stopped, it claims nothing more and waits for what runs', async () => {
  let end: () => void = () => undefined;
  let claims = 0;
  const loop = startClaimLoop<number>({
    claim: () => Promise.resolve(claims++ === 0 ? [1] : []),
    run: () => new Promise<void>((resolve) => (end = resolve)),
    concurrency: 2,
    intervalMs: 1_000_000,
    onError: () => undefined,
  });
  await turn();
  await turn();
  let stopped = false;
  const stopping = loop.stop().then(() => (stopped = true));
  await turn();
  expect(stopped).toBe(false);
  const before = claims;
  loop.nudge();
  end();
  await stopping;
  expect(claims).toBe(before);
});
