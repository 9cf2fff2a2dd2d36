import { createFault } from './fault';

const loom = { killApp: () => Promise.resolve(), startApp: () => Promise.resolve() };
const after = (completed: number) => ({ completed, running: 10 - completed, total: 10 });
const refused = new Error('port 8080 is taken');

describe('a program that is killed in the middle of a campaign', () => {
  it('is killed and started once, however often progress is told', async () => {
    const notes: string[] = [];
    const fault = createFault({ loom, name: 'worker', note: (line) => notes.push(line) });
    for (const completed of [0, 1, 5, 9, 10]) fault.progress(after(completed));
    await fault.settled();
    expect(notes).toEqual([
      'killing the worker (kill -9) at 50 %: 5 of 10 completed, 5 running',
      'the worker is back',
    ]);
  });

  it('stops the campaign with its reason when it does not come back', async () => {
    const fault = createFault({
      loom: { ...loom, startApp: () => Promise.reject(refused) },
      name: 'api',
      note: () => undefined,
    });
    const stopped = new Promise((settle) => {
      fault.failed.addEventListener('abort', settle, { once: true });
    });
    fault.progress(after(3));
    await stopped;
    expect(fault.failed.reason).toMatchObject({
      message: 'the api did not come back after its kill',
      cause: refused,
    });
    await expect(fault.settled()).rejects.toThrow('the api did not come back');
  });

  it.each([
    ['too little is done', after(1)],
    ['all is done', after(10)],
    ['nothing runs', { completed: 5, running: 0, total: 10 }],
  ])('is not killed when %s, and never having been killed is a failure', async (_when, counts) => {
    const fault = createFault({ loom, name: 'migrator', note: () => undefined });
    fault.progress(counts);
    await expect(fault.settled()).rejects.toThrow('the migrator was never killed');
  });
});
