import type { SilentSince } from '@loom/ports';
import { MemoryLogger } from '@loom/ports/memory';
import { createStaleActivities } from './mark-stale';

const HOUR = 3_600_000;

function world(staleAfterMs: { in_progress: number; open: number }, answers: number[]) {
  const asked: SilentSince[] = [];
  const attention = {
    list: () => Promise.reject(new Error('not asked')),
    markStale(silent: SilentSince) {
      asked.push(silent);
      return Promise.resolve(answers.shift() ?? 0);
    },
  };
  const clock = { now: () => '2026-01-10T00:00:00.000Z' };
  const logger = new MemoryLogger();
  return { asked, logger, ...createStaleActivities({ attention, clock, logger, staleAfterMs }) };
}

describe('markStale', () => {
  it('goes on until nothing is left, and says how many it were', async () => {
    const many = world({ in_progress: HOUR, open: 48 * HOUR }, [50, 50, 7]);
    const { asked, logger } = many;
    expect(await many.markStale()).toBe(107);
    expect(asked).toHaveLength(4);
    expect(asked[0]).toEqual({ in_progress: '2026-01-09T23:00:00.000Z', open: '2026-01-08T00:00:00.000Z' });
    expect(logger.lines).toMatchObject([{ level: 'info', fields: { candidates: 107 } }]);
  });

  it('asks after no status whose limit is 0', async () => {
    const one = world({ in_progress: 0, open: HOUR }, []);
    expect(await one.markStale()).toBe(0);
    expect(one.asked).toEqual([{ open: '2026-01-09T23:00:00.000Z' }]);
    const none = world({ in_progress: 0, open: 0 }, [1]);
    expect([await none.markStale(), none.asked, none.logger.lines]).toEqual([0, [], []]);
  });
});
