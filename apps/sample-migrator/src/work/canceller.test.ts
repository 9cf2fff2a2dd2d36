import { MemoryLogger } from '@loom/ports/memory';
import { someWork } from '../ports/contract/work-store-contract';
import { createMemoryWorkStore } from '../ports/memory/memory-work-store';
import { createCanceller } from './canceller';
import type { PullRequests } from './pull-requests';

const request = {
  runId: 'm__c',
  runAttempt: 1,
  candidateId: 'c',
  steps: [{ metadata: { repo: 'acme/one', prNumber: '7', branch: 'loom/m/c/1/one' } }],
};

function setUp(withdraw: PullRequests['withdraw'], againMs?: number[], quiesce = () => Promise.resolve()) {
  const logger = new MemoryLogger();
  const store = createMemoryWorkStore();
  const pullRequests = { withdraw } as unknown as PullRequests;
  const canceller = createCanceller({
    store,
    pullRequests,
    quiesce,
    logger,
    ...(againMs === undefined ? {} : { againMs }),
  });
  return { canceller, logger, pullRequests, store };
}

test('a cancel that failed is tried again by itself, until the pull request is closed', async () => {
  let tries = 0;
  let isClosed: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (isClosed = resolve));
  const { canceller, logger } = setUp(() => {
    tries += 1;
    if (tries < 3) return Promise.reject(new Error('the forge is away'));
    isClosed();
    return Promise.resolve(true);
  }, [1, 1, 1]);
  await expect(canceller.cancel(request)).rejects.toThrow('the forge is away');
  await closed;
  await canceller.stop();
  expect(tries).toBe(3);
  expect(logger.lines.map(({ message }) => message)).toEqual(['run cancelled']);
});

test('a pull request that is opened while the cancel waits for the executions is closed', async () => {
  const pullRequest = { repo: 'acme/one', number: 8, url: 'u', branch: 'loom/m/c/1/s' };
  const withdrawn: number[] = [];
  const { canceller, store } = setUp(
    ({ number }) => Promise.resolve(withdrawn.push(number) > 0),
    [],
    async () => {
      await store.await('k', pullRequest);
    },
  );
  await store.accept(someWork('k'));
  expect(await canceller.cancel({ ...request, steps: [] })).toEqual({ closed: 1 });
  expect(withdrawn).toEqual([8]);
  expect(await store.waiting()).toEqual([]);
});

test('what a killed execution pushed is taken back at once, and is on record until its next claim', async () => {
  const pushed = { repo: 'acme/one', branch: 'loom/m/c/1/s' };
  const taken: string[] = [];
  const { canceller, pullRequests, store } = setUp(() => Promise.reject(new Error('nothing was opened')), []);
  pullRequests.withdrawBranch = ({ branch }) => Promise.resolve(taken.push(branch) > 0);
  await store.accept(someWork('k'));
  await store.accept(someWork('other'));
  await store.pushing('k', pushed);
  expect(await canceller.cancel({ ...request, steps: [] })).toEqual({ closed: 1 });
  expect(taken).toEqual(['loom/m/c/1/s']);
  expect((await store.cancel(request)).map(({ key }) => key)).toEqual(['k']);
});

test('what stays open in the end is told', async () => {
  const { canceller, logger } = setUp(() => Promise.reject(new Error('no')), []);
  await expect(canceller.cancel(request)).rejects.toThrow('no');
  expect(logger.lines).toMatchObject([
    {
      message: 'pull requests of a cancelled run may be left open',
      fields: { runId: 'm__c', runAttempt: 1 },
    },
  ]);
});

test('a stop waits for what is being closed, and nothing is begun after it', async () => {
  let close: () => void = () => undefined;
  let tries = 0;
  const { canceller } = setUp(() => {
    tries += 1;
    return new Promise((_, reject) => (close = () => reject(new Error('late'))));
  });
  const cancelled = canceller.cancel(request).catch((error: unknown) => String(error));
  while (tries === 0) await new Promise(setImmediate);
  const order: string[] = [];
  const stopped = canceller.stop().then(() => order.push('stopped'));
  await new Promise(setImmediate);
  order.push('closed');
  close();
  await stopped;
  expect([await cancelled, order, tries]).toEqual(['Error: late', ['closed', 'stopped'], 1]);
});
