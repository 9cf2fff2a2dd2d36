import { inTime, patientTimer } from './patient-timer';

/** As a machine with too much to do lets this process wait; in ms. */
const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

describe('patientTimer', () => {
  it('comes, and not early', async () => {
    const began = performance.now();
    await new Promise<void>((resolve) => patientTimer(30, resolve));
    expect(performance.now() - began).toBeGreaterThanOrEqual(29);
  });

  it('does not count a standstill, and comes all the same when nothing did', async () => {
    const order: string[] = [];
    const came = new Promise<void>((resolve) => {
      patientTimer(60, () => {
        order.push('time');
        resolve();
      });
    });
    standStill(200);
    setTimeout(() => order.push('answer'), 10);
    await came;
    expect(order).toEqual(['answer', 'time']);
  });

  it('never comes once it was ended, nor when it waits for the second time', async () => {
    let came = false;
    const ended = patientTimer(1, () => (came = true));
    const endedAgain = patientTimer(60, () => (came = true));
    standStill(150);
    ended();
    // Later than the first of its two timers, which is due.
    await new Promise((resolve) => setTimeout(resolve, 1));
    endedAgain();
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(came).toBe(false);
  });
});

describe('inTime', () => {
  it('passes on what is answered, and how it failed', async () => {
    expect(await inTime(Promise.resolve('yes'), 1000)).toBe('yes');
    await expect(inTime(Promise.reject(new Error('no')), 1000)).rejects.toThrow('no');
  });

  it('says that there was no answer', async () => {
    await expect(inTime(new Promise(() => undefined), 10)).rejects.toThrow('did not answer within 10 ms');
  });
});
