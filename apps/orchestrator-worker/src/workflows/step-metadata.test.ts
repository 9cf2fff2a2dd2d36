import type { StepState } from '@loom/domain';
import { accumulated } from './step-metadata';

const step = (stepName: string, metadata?: Record<string, string>): StepState => ({
  stepName,
  status: 'open',
  attempt: 1,
  ...(metadata === undefined ? {} : { metadata }),
});

describe('metadata of a step', () => {
  it('accumulates, and a later value of a key wins', () => {
    const one = step('a', { prUrl: 'u', draft: 'yes' });
    expect(accumulated([one], one, { draft: 'no', sha: 's' })).toEqual({ prUrl: 'u', draft: 'no', sha: 's' });
  });

  it('never grows above what one payload can carry; what does not fit is named', () => {
    let one = step('a', { prUrl: 'u' });
    for (let i = 0; i < 50; i += 1)
      one = step('a', accumulated([one], one, { [`log${String(i)}`]: 'x'.repeat(10_000) }));
    expect(JSON.stringify(one.metadata).length).toBeLessThan(70_000);
    expect(one.metadata).toMatchObject({ prUrl: 'u', log0: 'x'.repeat(10_000), 'loom.dropped': 'log49' });
  });

  it('of many steps together stays below that as well', () => {
    const steps: StepState[] = [];
    for (let i = 0; i < 200; i += 1) {
      const next = step(`s${String(i)}`);
      steps.push(step(next.stepName, accumulated([...steps, next], next, { log: 'x'.repeat(10_000) })));
    }
    expect(JSON.stringify(steps).length).toBeLessThan(500_000);
  });

  it('still takes a shorter value of a key that is there when nothing else fits', () => {
    const one = step('a', { log: 'x'.repeat(64 * 1024 - 3) });
    expect(accumulated([one], one, { log: 'short' })).toEqual({ log: 'short' });
  });
});
