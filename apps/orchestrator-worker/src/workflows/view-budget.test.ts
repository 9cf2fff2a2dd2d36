import type { StepState } from '@loom/domain';
import { withinBudget, withTexts } from './view-budget';

const step = (stepName: string, metadata?: Record<string, string>): StepState => ({
  stepName,
  status: 'open',
  attempt: 1,
  ...(metadata === undefined ? {} : { metadata }),
});
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
const say = (one: StepState, metadata: Record<string, string>) => withTexts([one], one, { metadata });

describe('metadata of a step', () => {
  it('accumulates, and a later value of a key wins', () => {
    const one = step('a', { prUrl: 'u', draft: 'yes' });
    expect(say(one, { draft: 'no', sha: 's' }).metadata).toEqual({ prUrl: 'u', draft: 'no', sha: 's' });
  });

  it.each(['x', '\u0001', '\ud800', '中', '"'])(
    'stays below 64 KiB of JSON of %j; what is dropped is named',
    (unit) => {
      let one = step('a', { prUrl: 'u' });
      const value = unit.repeat(10_000 / (bytesOf(unit) - 2));
      for (let i = 0; i < 50; i += 1) one = say(one, { [`log${String(i)}`]: value });
      expect(bytesOf(one.metadata)).toBeLessThan(64 * 1024 + 200);
      expect(one.metadata).toMatchObject({ prUrl: 'u', log5: value, 'loom.dropped': 'log49' });
    },
  );

  it('still takes a shorter value of a key that is there when nothing else fits', () => {
    const one = step('a', { log: 'x'.repeat(64 * 1024 - 10) });
    expect(say(one, { log: 'short' }).metadata).toEqual({ log: 'short' });
  });

  it('names a long key that was dropped by its beginning', () => {
    const one = say(step('a', { log: 'x'.repeat(40_000) }), { ['k'.repeat(60_000)]: 'v' });
    expect(one.metadata?.['loom.dropped']).toMatch(/^k{100,}…$/);
    expect(bytesOf(one.metadata?.['loom.dropped'])).toBeLessThanOrEqual(128);
  });
});

describe('a reason', () => {
  it('is kept as it is up to 4 KiB, and cut with an ellipsis above', () => {
    const one = step('a');
    const fits = 'x'.repeat(4094);
    expect(withTexts([one], one, { reason: fits }).reason).toBe(fits);
    const { reason } = withTexts([one], one, { reason: '中'.repeat(20_000) });
    expect(reason).toMatch(/^中{1000,}…$/);
    expect(bytesOf(reason)).toBeLessThanOrEqual(4096);
  });

  it('has some room also in a view that is full', () => {
    const full = Array.from({ length: 20 }, (_, i) => step(`s${String(i)}`, { log: 'x'.repeat(60_000) }));
    const one = step('last');
    const said = withTexts([...full, one], one, {
      reason: 'no chart here'.repeat(1000),
      metadata: { prUrl: 'u' },
    });
    expect(said.reason).toMatch(/^no chart here.{200,}…$/);
    expect(said.metadata).toEqual({ 'loom.dropped': 'prUrl' });
  });
});

describe('a view from before there was a budget', () => {
  it('is the very same one when it fits', () => {
    const steps = [step('a', { prUrl: 'u' })];
    expect(withinBudget(steps)).toBe(steps);
  });

  it('is cut into it, and what it keeps is what came first', () => {
    const steps = Array.from({ length: 200 }, (_, i) => ({
      ...step(`s${String(i)}`, { log: 'x'.repeat(10_000) }),
      reason: 'y'.repeat(60_000),
    }));
    const fitted = withinBudget(steps);
    expect(bytesOf(fitted)).toBeLessThanOrEqual(832 * 1024);
    expect(fitted[0]?.metadata).toEqual({ log: 'x'.repeat(10_000) });
    expect(fitted.at(-1)).toMatchObject({ stepName: 's199', status: 'open', attempt: 1 });
  });
});
