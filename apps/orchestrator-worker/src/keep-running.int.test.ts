import { getEventListeners } from 'node:events';
import type { Worker } from '@temporalio/worker';
import { startLink, testTemporalAddr } from '@loom/dev-stack';
import { MemoryLogger } from '@loom/ports/memory';
import { keepRunning } from './keep-running';

/** A worker that has nothing to do until it is shut down. */
function idleWorker(): Worker {
  let state = 'RUNNING';
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const shutdown = () => {
    state = 'STOPPED';
    end();
  };
  return { getState: () => state, shutdown, run: () => ended } as unknown as Worker;
}

it('tells once of each reason why the worker does not run, and once that it runs', async () => {
  const link = await startLink(testTemporalAddr());
  await link.down();
  const logger = new MemoryLogger();
  const stopping = new AbortController();
  const failures = ['no such namespace', 'no such namespace', 'no such namespace'];
  const create = () => {
    const failure = failures.shift();
    if (failure !== undefined) return Promise.reject(new Error(failure));
    setImmediate(() => stopping.abort());
    return Promise.resolve(idleWorker());
  };
  let connections = 0;
  const onConnected = () => Promise.resolve(void (connections += 1));
  const { address } = link;
  const look = () => Promise.resolve();
  const running = keepRunning({ address, create, onConnected, look, logger, stopping: stopping.signal });
  // Its first try, which nobody answers, ends before this link is mended.
  while (logger.lines.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await link.up();
  await running;
  await link.down();
  expect(connections).toBe(4);
  expect(logger.lines).toMatchObject([
    { level: 'error', fields: { address, error: 'Temporal cannot be reached' } },
    { level: 'error', fields: { address, error: { message: 'no such namespace' } } },
    { level: 'info', message: 'the worker runs', fields: { afterMs: expect.any(Number) as number } },
  ]);
});

it('leaves nothing behind of workers that have failed', async () => {
  const stopping = new AbortController();
  const left: unknown[] = [];
  const failed = { getState: () => 'FAILED', run: () => Promise.reject(new Error('gone')) };
  const workers = [failed as unknown as Worker, failed as unknown as Worker];
  const create = () => {
    const worker = workers.shift();
    if (worker !== undefined) return Promise.resolve(worker);
    left.push(...getEventListeners(stopping.signal, 'abort'));
    stopping.abort();
    return Promise.reject(new Error('over'));
  };
  await keepRunning({
    ...{ address: testTemporalAddr(), create, logger: new MemoryLogger(), stopping: stopping.signal },
    ...{ onConnected: () => Promise.resolve(), look: () => Promise.resolve() },
  });
  expect(left).toEqual([]);
});
