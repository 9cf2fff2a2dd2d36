import { parseArgs } from 'node:util';
import { DevStackError } from '@loom/dev-stack';

/** How the Temporal server is set up: as `npm start` does, or as it comes. */
export const SETTINGS = ['tuned', 'plain'] as const;
export type Setting = (typeof SETTINGS)[number];

export interface Arguments {
  settings: Setting[];
  /** Runs of each open loop. */
  bursts: number[];
  /** How often each open loop of the first size is repeated, all designs in turn. */
  rounds: number;
  out: string;
  /** An earlier result to hold this one against. */
  compare?: string;
  /** A directory for V8 profiles of Loom's api and worker, which then are slower. */
  profile?: string;
}

export const USAGE =
  'usage: npm run bench -- [--settings tuned,plain] [--bursts 400,2000] [--rounds 3] [--out file.json] [--compare old.json] [--profile directory]';

/** @throws DevStackError with the usage, when the arguments are not as it says */
export function parseArguments(argv: readonly string[]): Arguments {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;
  const options = {
    settings: text(SETTINGS.join()),
    bursts: text('400,2000'),
    rounds: text('3'),
    out: text('tmp/bench.json'),
    compare: { type: 'string' },
    profile: { type: 'string' },
  } as const;
  try {
    const { values } = parseArgs({ args: [...argv], options });
    const settings = values.settings.split(',').map(settingOf);
    const bursts = values.bursts.split(',').map(atLeastOne);
    const { out, compare, profile } = values;
    const rounds = atLeastOne(values.rounds);
    return {
      ...{ settings, bursts, rounds, out },
      ...(compare === undefined ? {} : { compare }),
      ...(profile === undefined ? {} : { profile }),
    };
  } catch (error) {
    throw new DevStackError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function settingOf(text: string): Setting {
  const found = SETTINGS.find((one) => one === text);
  if (found === undefined) throw new Error(`${text} is no setting of the server`);
  return found;
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${text} is not a whole number from 1`);
  return number;
}
