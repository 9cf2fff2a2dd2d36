import { forgeContract } from '../ports/contract/forge-contract';
import { createMemoryForge } from '../ports/memory/memory-forge';
import { retryDelay, withRetry } from './rate-limit';

forgeContract('memory', () => {
  const forge = createMemoryForge();
  return Promise.resolve({
    forge,
    pushBranch: () => Promise.resolve(),
    merge: (number) => {
      forge.merge('acme/one', number, 'c0ffee');
      return Promise.resolve('c0ffee');
    },
    conflict: (_branch, number) => {
      forge.setConflicting('acme/one', number, true);
      return Promise.resolve();
    },
    deleteBranch: (_branch, number) => forge.close('acme/one', number),
    close: () => Promise.resolve(),
  });
});

const now = Date.parse('2026-01-01T00:00:00Z');
const failure = (status: number, more: object = {}) => ({
  status,
  method: 'GET',
  headers: {},
  message: '',
  ...more,
});

describe('what is tried again', () => {
  test.each([
    ['429 with seconds', failure(429, { headers: { 'retry-after': '7' } }), 7000],
    ['429 with a date', failure(429, { headers: { 'retry-after': 'Thu, 01 Jan 2026 00:00:09 GMT' } }), 9000],
    ['429 without', failure(429), 500],
    [
      '403 of a used up limit',
      failure(403, { headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': now / 1000 + 30 } }),
      30_000,
    ],
    [
      '403 of a secondary limit',
      failure(403, { message: 'You have exceeded a secondary rate limit' }),
      60_000,
    ],
    ['403 for lack of rights', failure(403), undefined],
    ['a read that failed', failure(502), 500],
    ['a write that may have worked', failure(502, { method: 'POST' }), undefined],
    ['404', failure(404), undefined],
  ])('%s', (_, given, expected) => {
    expect(retryDelay(given, 0, now)).toBe(expected);
  });

  test('a refused request is repeated after the time asked for, within bounds', async () => {
    const waits: number[] = [];
    const policy = {
      attempts: 3,
      maxWaitMs: 10_000,
      now: () => now,
      wait: (ms: number) => {
        waits.push(ms);
        return Promise.resolve();
      },
    };
    const asking = (seconds: number) => () => failure(429, { headers: { 'retry-after': String(seconds) } });
    let calls = 0;
    const request = () => {
      calls += 1;
      return calls < 3 ? Promise.reject(new Error('no')) : Promise.resolve('yes');
    };
    await expect(withRetry(policy, request, asking(2))).resolves.toBe('yes');
    expect(waits).toEqual([2000, 2000]);
    calls = -9;
    await expect(withRetry(policy, request, asking(2))).rejects.toThrow('no');
    await expect(withRetry(policy, request, asking(11))).rejects.toThrow('no');
    expect(waits).toHaveLength(4);
  });
});
