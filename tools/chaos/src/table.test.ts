import type { Outcome } from './run-fault';
import { tableOf } from './table';

function outcome(fault: string, more: Partial<Outcome> = {}): Outcome {
  const verdict = { lost: [], duplicated: [], stuck: [], wrong: [], repeats: 3 };
  return { fault, injected: 2, runs: 50, leastMoving: 25, verdict, recoveries: [1.04, 9.96], ...more };
}

it('has a line a fault and one of sums, with what was found', () => {
  const verdict = { lost: ['a'], duplicated: ['b', 'c'], stuck: [], wrong: ['d'], repeats: 0 };
  const bad = outcome('redis killed', { verdict, leastMoving: 21, recoveries: [4, 5, 6] });
  expect(tableOf([outcome('api frozen'), bad]).split('\n')).toEqual([
    'fault         times  runs  moving  lost  duplicated  stuck  wrong  repeats  p50 s  max s',
    'api frozen        2    50      25     0           0      0      0        3    1.0   10.0',
    'redis killed      2    50      21     1           2      0      1        0    5.0    6.0',
    'all               4   100      21     1           2      0      1        3    5.0   10.0',
  ]);
});

it('has no recovery of a fault that was never injected', () => {
  expect(tableOf([outcome('api frozen', { recoveries: [] })])).toMatch(/ - {6}-$/m);
});
