import { createFault } from './fault';

const loom = { killApp: () => Promise.resolve(), startApp: () => Promise.resolve() };
const refused = new Error('port 8080 is taken');

describe('a program that is killed in the middle of a campaign', () => {
  it('is killed and started once, however often progress is told', async () => {
    const notes: string[] = [];
    const fault = createFault({ loom, name: 'worker', note: (line) => notes.push(line) });
    for (const share of [0, 0.1, 0.5, 0.9]) fault.progress(share);
    await fault.settled();
    expect(notes).toEqual(['killing the worker (kill -9)', 'the worker is back']);
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
    fault.progress(1);
    await stopped;
    expect(fault.failed.reason).toMatchObject({
      message: 'the api did not come back after its kill',
      cause: refused,
    });
    await expect(fault.settled()).rejects.toThrow('the api did not come back');
  });

  it('counts as a failure when it was never killed', async () => {
    const fault = createFault({ loom, name: 'migrator', note: () => undefined });
    fault.progress(0.1);
    await expect(fault.settled()).rejects.toThrow('the migrator was never killed');
  });
});
