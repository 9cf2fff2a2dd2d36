import type { Bar } from './bars';
import type { Figures } from './figures';
import { DESIGNS, type Result } from './result';
import { aligned } from './table';

const HEAD = [
  '',
  'hop p50',
  'p99 ms',
  'runs/s',
  'starts/s',
  'events/step',
  'calls/step',
  'cpu ms/run',
  'MiB',
];

/** What each design did under each load, a table a setting. */
export function tablesOf({ settings }: Result): string {
  return Object.entries(settings)
    .flatMap(([setting, { loads, roundTrips }]) => {
      const lines = Object.entries(loads).flatMap(([load, byDesign]) =>
        DESIGNS.flatMap((design) => {
          const figures = byDesign[design];
          return figures === undefined ? [] : [lineOf(`${load}, ${design}`, figures)];
        }),
      );
      const trips = Object.entries(roundTrips).map(([name, { p50, perSecond, cpuUs }]) => [
        name,
        `${p50.toFixed(2)} ms`,
        `${perSecond.toFixed(0)}/s`,
        `${cpuUs.toFixed(0)} µs of its processor time`,
      ]);
      return [`Temporal ${setting}`, aligned([HEAD, ...lines]), aligned(trips)];
    })
    .join('\n\n');
}

export function barTable(bars: readonly Bar[]): string {
  return aligned(
    bars.map(({ what, goal, value, met }) => [met ? 'met' : 'NOT MET', what, value.toFixed(2), goal]),
  );
}

/** Each figure of `now` beside that of `before`, where both have it and they differ by more than a twentieth. */
export function comparison(before: Result, now: Result): string {
  const old = numbersOf(before);
  const lines: string[][] = [];
  for (const [name, value] of numbersOf(now)) {
    const was = old.get(name);
    if (was === undefined || was === 0 || Math.abs(value / was - 1) <= NOISE) continue;
    lines.push([name, was.toFixed(2), '→', value.toFixed(2), `${(value / was).toFixed(2)}×`]);
  }
  return lines.length === 0 ? 'nothing changed by more than 5 %' : aligned(lines);
}

const NOISE = 0.05;

function numbersOf({ settings }: Result): Map<string, number> {
  const numbers = new Map<string, number>();
  const walk = (value: unknown, path: string[]): void => {
    if (typeof value === 'number') numbers.set(path.join(', '), value);
    else if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) walk(inner, [...path, name]);
  };
  walk(settings, []);
  return numbers;
}

function lineOf(name: string, figures: Figures): string[] {
  const { hopP50, hopP99, runsPerSecond, startsPerSecond, eventsAStep, callsAStep, cpuARun, memory } =
    figures;
  return [
    name,
    hopP50.toFixed(1),
    hopP99.toFixed(1),
    runsPerSecond.toFixed(1),
    startsPerSecond.toFixed(1),
    eventsAStep.toFixed(1),
    callsAStep.toFixed(1),
    Object.entries(cpuARun)
      .map(([role, seconds]) => `${role} ${(seconds * 1000).toFixed(1)}`)
      .join(' '),
    Object.entries(memory)
      .map(([role, mib]) => `${role} ${mib.toFixed(0)}`)
      .join(' '),
  ];
}
