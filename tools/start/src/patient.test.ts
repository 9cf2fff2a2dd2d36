import { getEventListeners } from 'node:events';
import { repeatedly } from './patient';

describe('work that is repeated', () => {
  it('ends with the signal, and leaves nothing on it however often it was done', async () => {
    const over = new AbortController();
    let times = 0;
    const most: number[] = [];
    await repeatedly(
      () => {
        times += 1;
        most.push(getEventListeners(over.signal, 'abort').length);
        if (times === 20) over.abort();
        return Promise.resolve();
      },
      1,
      over.signal,
    );
    expect(times).toBe(20);
    expect(Math.max(...most)).toBeLessThanOrEqual(1);
  });

  it('fails with what the work throws, unless it was told to end', async () => {
    const broken = () => Promise.reject(new Error('broken'));
    await expect(repeatedly(broken, 1, new AbortController().signal)).rejects.toThrow('broken');
    const over = new AbortController();
    const stoppedThenBroken = () => {
      over.abort();
      return broken();
    };
    await repeatedly(stoppedThenBroken, 1, over.signal);
  });
});
