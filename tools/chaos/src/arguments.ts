import { parseArgs } from 'node:util';

export interface ChaosArguments {
  seed: number;
  /** Parts of names of faults; empty: all. */
  only: string[];
  /** In place of each fault's own. */
  times: number | undefined;
  list: boolean;
  /** Data, logs and ledgers stay. */
  keep: boolean;
}

export const USAGE =
  'usage: npm run test:chaos -- [--seed n] [--only part-of-a-name]… [--times n] [--list] [--keep]';

/** @throws Error with the usage, when they are not as it says */
export function parseChaosArguments(argv: readonly string[], newSeed: () => number): ChaosArguments {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seed: { type: 'string' },
      only: { type: 'string', multiple: true },
      times: { type: 'string' },
      list: { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    seed: values.seed === undefined ? newSeed() : whole('--seed', values.seed, 0),
    only: values.only ?? [],
    times: values.times === undefined ? undefined : whole('--times', values.times, 1),
    list: values.list,
    keep: values.keep,
  };
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`${name} ${text} is no whole number from ${least} on`);
}
