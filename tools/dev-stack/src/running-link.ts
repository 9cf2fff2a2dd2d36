import { type HostPort, parseAddress } from './address';
import { type Attempt } from './chain';
import { DevStackError } from './errors';
import { type Obtained } from './program';

/**
 * A server that someone else runs, named by a variable. One that was named and does not answer is a mistake to tell,
 * not a reason to start another one in silence.
 * @throws DevStackError one line
 */
export async function fromVariable(
  variable: string,
  value: string | undefined,
  answers: (address: HostPort) => Promise<boolean>,
): Promise<Attempt<Obtained>> {
  if (value === undefined || value === '') return { passed: 'not set' };
  const address = parseAddress(value, variable);
  if (await answers(address))
    return { found: { kind: 'running', address: value }, says: `${value} answers (${variable})` };
  throw new DevStackError(
    `${variable}=${value} does not answer; start it, or unset ${variable} to let Loom start its own`,
  );
}
