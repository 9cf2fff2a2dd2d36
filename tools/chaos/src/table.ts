import type { Outcome } from './run-fault';

const HEAD = [
  'fault',
  'times',
  'runs',
  'moving',
  'lost',
  'duplicated',
  'stuck',
  'wrong',
  'repeats',
  'p50 s',
  'max s',
];

/** One line a fault, and a line of sums. */
export function tableOf(outcomes: readonly Outcome[]): string {
  const sum = (of: (one: Outcome) => number): string =>
    String(outcomes.reduce((all, one) => all + of(one), 0));
  const every = outcomes.flatMap(({ recoveries }) => recoveries);
  const rows = outcomes.map((one) => [
    one.fault,
    String(one.injected),
    String(one.runs),
    String(one.leastMoving),
    ...countsOf(one).map(String),
    percentile(one.recoveries, 0.5),
    percentile(one.recoveries, 1),
  ]);
  const total = [
    'all',
    sum(({ injected }) => injected),
    sum(({ runs }) => runs),
    String(Math.min(...outcomes.map(({ leastMoving }) => leastMoving))),
    ...[0, 1, 2, 3, 4].map((i) => sum((one) => countsOf(one)[i] ?? 0)),
    percentile(every, 0.5),
    percentile(every, 1),
  ];
  const lines = [HEAD, ...rows, total];
  const widths = HEAD.map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
        .join('  '),
    )
    .join('\n');
}

function countsOf({ verdict }: Outcome): number[] {
  const { lost, duplicated, stuck, wrong, repeats } = verdict;
  return [lost.length, duplicated.length, stuck.length, wrong.length, repeats];
}

function percentile(all: readonly number[], part: number): string {
  const sorted = [...all].sort((a, b) => a - b);
  const value = sorted[Math.max(Math.ceil(part * sorted.length) - 1, 0)];
  return value === undefined ? '-' : value.toFixed(1);
}
