/** What one design did under one load. Times in ms, processor time in seconds, memory in MiB. */
export interface Figures {
  runs: number;
  hopP50: number;
  hopP99: number;
  /** From the first start to the last report's answer. */
  runsPerSecond: number;
  /** From the first start to the last start's answer. */
  startsPerSecond: number;
  eventsAStep: number;
  /** Calls of Temporal's front, polls among them. */
  callsAStep: number;
  /** By process, for a run. */
  cpuARun: Record<string, number>;
  memory: Record<string, number>;
}

export interface Spread {
  p50: number;
  p99: number;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return { p50: at(0.5), p99: at(0.99) };
}

/** The median of each figure over several rounds of the same load. */
export function median(rounds: readonly Figures[]): Figures {
  const [first] = rounds;
  if (first === undefined) throw new Error('there was no round');
  const of = (pick: (one: Figures) => number): number => spread(rounds.map(pick)).p50;
  const each = (pick: (one: Figures) => Record<string, number>): Record<string, number> =>
    Object.fromEntries(Object.keys(pick(first)).map((name) => [name, of((one) => pick(one)[name] ?? 0)]));
  return {
    runs: first.runs,
    hopP50: of((one) => one.hopP50),
    hopP99: of((one) => one.hopP99),
    runsPerSecond: of((one) => one.runsPerSecond),
    startsPerSecond: of((one) => one.startsPerSecond),
    eventsAStep: of((one) => one.eventsAStep),
    callsAStep: of((one) => one.callsAStep),
    cpuARun: each((one) => one.cpuARun),
    memory: each((one) => one.memory),
  };
}
