import { parseArgs } from 'node:util';
import { DevStackError, messageOf } from './errors';
import { type Part, PARTS } from './stack';

export interface WithStackArguments {
  parts: Part[];
  command: string;
  args: string[];
}

const USAGE = 'usage: with-stack [--redis] [--temporal] [--cluster] -- command [arguments…]';

/** @throws DevStackError with the usage, when the arguments are not as it says */
export function parseWithStackArguments(argv: readonly string[]): WithStackArguments {
  const end = argv.indexOf('--');
  const [command, ...args] = end === -1 ? [] : argv.slice(end + 1);
  if (command === undefined) throw new DevStackError(USAGE);
  const boolean = { type: 'boolean' } as const;
  try {
    const options = { redis: boolean, cluster: boolean, temporal: boolean };
    const { values } = parseArgs({ args: argv.slice(0, end), options });
    const chosen = PARTS.filter((part) => values[part]);
    return { parts: chosen.length === 0 ? [...PARTS] : chosen, command, args };
  } catch (error) {
    throw new DevStackError(`${messageOf(error)}\n${USAGE}`);
  }
}
