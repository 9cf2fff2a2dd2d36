import { MemoryLogger } from '@loom/ports/memory';
import { someWork } from '../ports/contract/work-store-contract';
import { StoreError } from '../ports';
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
  const now = () => 0;
  const pullRequests = { withdraw } as unknown as PullRequests;
  const canceller = createCanceller({
    store,
    pullRequests,
    quiesce,
    logger,
    now,
    ...(againMs === undefined ? {} : { againMs }),
  });
  /** As a request that waits for the end of it. */
  const cancel = async (of = request) => (await canceller.cancel(of)).closing;
  const told = () => logger.lines.filter(({ level }) => level !== 'debug');
  return { cancel, canceller, told, pullRequests, store };
}

test('a cancel that failed is tried again by itself, until the pull request is closed', async () => {
  let tries = 0;
  let isClosed: () => void = () => undefined;
  const closed = new Promise<void>((resolve) => (isClosed = resolve));
  const { cancel, canceller, told } = setUp(() => {
    tries += 1;
    if (tries < 3) return Promise.reject(new Error('the forge is away'));
    isClosed();
    return Promise.resolve();
  }, [1, 1, 1]);
  await expect(cancel()).rejects.toThrow('the forge is away');
  await closed;
  await canceller.stop();
  expect(tries).toBe(3);
  expect(told().map(({ message }) => message)).toEqual(['run cancelled']);
});

test('asked for twice while it fails, it is gone on with once', async () => {
  let tries = 0;
  const { cancel, told } = setUp(() => {
    tries += 1;
    return Promise.reject(new Error('no'));
  }, [1, 1]);
  await Promise.allSettled([cancel(), cancel()]);
  while (told().length === 0) await new Promise(setImmediate);
  expect(tries).toBe(4);
});

test('it is on record before anything is waited for, and what is opened meanwhile is closed', async () => {
  const pullRequest = { repo: 'acme/one', number: 8, url: 'u', branch: 'loom/m/c/1/s' };
  const withdrawn: number[] = [];
  const { cancel, store } = setUp(
    ({ number }) => Promise.resolve(void withdrawn.push(number)),
    [],
    async () => {
      expect(await store.isCancelled(request)).toBe(true);
      expect(await store.await('k', pullRequest)).toBe('cancelled');
    },
  );
  await store.accept(someWork('k'));
  await store.pushing('k', pullRequest);
  expect(await cancel({ ...request, steps: [] })).toEqual({ closed: 1 });
  expect(withdrawn).toEqual([8]);
});

test('with a store that is away it says so, and promises nothing', async () => {
  const { canceller, store } = setUp(() => Promise.resolve());
  store.cancel = () => Promise.reject(new StoreError('redis cannot be used'));
  await expect(canceller.cancel(request)).rejects.toThrow(StoreError);
});

test('what a killed execution pushed is taken back at once, and is on record until its next claim', async () => {
  const pushed = { repo: 'acme/one', branch: 'loom/m/c/1/s' };
  const taken: string[] = [];
  const { cancel, pullRequests, store } = setUp(() => Promise.reject(new Error('nothing was opened')), []);
  pullRequests.withdrawBranch = ({ branch }) => Promise.resolve(taken.push(branch) > 0);
  await store.accept(someWork('k'));
  await store.accept(someWork('other'));
  await store.pushing('k', pushed);
  expect(await cancel({ ...request, steps: [] })).toEqual({ closed: 1 });
  expect(taken).toEqual(['loom/m/c/1/s']);
  expect(await store.cancel(request, 0)).toEqual([{ ...someWork('k'), pushed, isWithdrawn: true }]);
});

test('one that cannot be closed keeps none of the others open, and is claimed after a minute', async () => {
  const withdrawn: string[] = [];
  const { cancel, pullRequests, store } = setUp(({ repo }) => Promise.resolve(void withdrawn.push(repo)), []);
  pullRequests.withdrawBranch = () => Promise.reject(new Error('archived'));
  await store.accept(someWork('k'));
  await store.pushing('k', { repo: 'acme/archived', branch: 'loom/m/c/1/s' });
  await store.executed('k');
  await expect(cancel()).rejects.toThrow('archived');
  expect(withdrawn).toEqual(['acme/one']);
  expect(await store.claim(59_999, 60_000, 9)).toEqual([]);
  expect((await store.claim(60_000, 60_001, 9)).map(({ key }) => key)).toEqual(['k']);
});

test('what stays open in the end is told', async () => {
  const { cancel, told } = setUp(() => Promise.reject(new Error('no')), []);
  await expect(cancel()).rejects.toThrow('no');
  expect(told()).toMatchObject([
    {
      message: 'a cancelled run could not be closed; what is not on record here is left to a person',
      fields: { runId: 'm__c', runAttempt: 1 },
    },
  ]);
});

test('a stop waits for what is being closed, and nothing is begun after it', async () => {
  let close: () => void = () => undefined;
  let tries = 0;
  const { cancel, canceller } = setUp(() => {
    tries += 1;
    return new Promise((_, reject) => (close = () => reject(new Error('late'))));
  });
  const cancelled = cancel().catch((error: unknown) => String(error));
  while (tries === 0) await new Promise(setImmediate);
  const order: string[] = [];
  const stopped = canceller.stop().then(() => order.push('stopped'));
  await new Promise(setImmediate);
  order.push('closed');
  close();
  await stopped;
  expect([await cancelled, order, tries]).toEqual(['Error: late', ['closed', 'stopped'], 1]);
});
