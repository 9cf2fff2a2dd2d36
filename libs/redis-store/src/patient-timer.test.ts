import { patientTimer } from './patient-timer';

const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
const immediate = () => new Promise<void>((resolve) => setImmediate(resolve));

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

  it('never comes once it was ended', async () => {
    let came = false;
    const end = patientTimer(1, () => (came = true));
    standStill(5);
    end();
    await new Promise((resolve) => setTimeout(resolve, 10));
    await immediate();
    expect(came).toBe(false);
  });
});
