import { parseArgs } from 'node:util';
import { DevStackError } from '@loom/dev-stack';

export const BENCHES = ['store', 'migrations', 'http'] as const;
type BenchName = (typeof BENCHES)[number];

export interface Arguments {
  /** Candidates of each migration that is measured. */
  sizes: number[];
  /** How many are submitted over HTTP. */
  submits: number;
  only: BenchName[];
  out: string;
}

const USAGE =
  'usage: bench:store [--sizes 1000,10000,100000,1000000] [--submits 100000] [--only store,migrations,http] [--out file.json]';

/** @throws DevStackError with the usage, when the arguments are not as it says */
export function parseArguments(argv: readonly string[]): Arguments {
  const text = (fallback: string) => ({ type: 'string', default: fallback }) as const;
  const options = {
    sizes: text('1000,10000,100000,1000000'),
    submits: text('100000'),
    only: text(BENCHES.join(',')),
    out: text('tmp/bench-store.json'),
  };
  try {
    const { values } = parseArgs({ args: [...argv], options });
    const sizes = values.sizes.split(',').map(wholeNumber);
    const only = BENCHES.filter((bench) => values.only.split(',').includes(bench));
    return { sizes, submits: wholeNumber(values.submits), only, out: values.out };
  } catch (error) {
    throw new DevStackError(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1000) throw new Error(`${text} is not a number of at least 1000`);
  return number;
}
