import { patientTimer } from './patient-timer';
import { standStill } from './testing/stand-still';

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
