import { join } from 'node:path';
import { parseAddress } from './address';
import { DevStackError } from './errors';
import { obtainRedisProgram } from './obtain-redis';
import { obtainTemporalProgram } from './obtain-temporal';
import { type Probes } from './probes';
import { type ProcessGroup } from './process-group';
import { formatProgram, parseProgram, type Program } from './program';
import { startRedisCluster } from './redis-cluster';
import { startRedis } from './redis-server';
import { STACK_VARIABLES } from './stack-variables';
import { startTemporal } from './temporal-server';

export const PARTS = ['redis', 'cluster', 'temporal'] as const;
export type Part = (typeof PARTS)[number];

export interface StackDeps {
  group: ProcessGroup;
  probes: Probes;
  /** Everything the servers write lies below it. */
  directory: string;
}

type Variables = Record<string, string>;

/**
 * Starts the parts on free ports; those whose variable is set already are used as they are.
 * @returns the variables by which tests find them
 * @throws DevStackError when a part can be neither obtained nor reached
 */
export async function startStack(parts: readonly Part[], deps: StackDeps): Promise<Variables> {
  const wanted = new Set(parts);
  const [redis, temporal] = await Promise.all([
    startRedisParts(wanted, deps),
    wanted.has('temporal') ? startTemporalPart(deps) : {},
  ]);
  return { ...redis, ...temporal };
}

async function startRedisParts(wanted: ReadonlySet<Part>, deps: StackDeps): Promise<Variables> {
  const { group, probes, directory } = deps;
  const lent = await lentParts(['redis', 'cluster'], wanted, probes.env, probes.redisAnswers);
  const missing = (['redis', 'cluster'] as const).filter(
    (part) => wanted.has(part) && !(STACK_VARIABLES[part] in lent),
  );
  if (missing.length === 0) return lent;
  const program = await givenProgram(STACK_VARIABLES.redisProgram, probes, obtainRedisProgram);
  const started = await Promise.all(
    missing.map(async (part): Promise<Variables> => {
      if (part === 'redis') {
        const server = await startRedis({ group, program, directory: join(directory, 'redis') });
        return { [STACK_VARIABLES.redis]: server.address };
      }
      const cluster = await startRedisCluster({ group, program, directory: join(directory, 'cluster') });
      return { [STACK_VARIABLES.cluster]: cluster.addresses.join(',') };
    }),
  );
  return Object.assign(
    { ...lent, [STACK_VARIABLES.redisProgram]: formatProgram(program) },
    ...started,
  ) as Variables;
}

async function startTemporalPart({ group, probes, directory }: StackDeps): Promise<Variables> {
  const lent = await lentParts(['temporal'], new Set<Part>(['temporal']), probes.env, probes.temporalAnswers);
  if (STACK_VARIABLES.temporal in lent) return lent;
  const program = await givenProgram(STACK_VARIABLES.temporalProgram, probes, obtainTemporalProgram);
  const server = await startTemporal({ group, program, directory: join(directory, 'temporal') });
  return {
    [STACK_VARIABLES.temporal]: server.address,
    [STACK_VARIABLES.temporalProgram]: formatProgram(program),
  };
}

/** A run inside a run starts the same binaries, without going through the chain again. */
function givenProgram(
  variable: string,
  probes: Probes,
  obtain: (probes: Probes) => Promise<Program>,
): Promise<Program> {
  const given = probes.env[variable];
  return given === undefined || given === '' ? obtain(probes) : Promise.resolve(parseProgram(given));
}

async function lentParts(
  parts: readonly Part[],
  wanted: ReadonlySet<Part>,
  env: Probes['env'],
  answers: Probes['redisAnswers'],
): Promise<Variables> {
  const lent: Variables = {};
  for (const part of parts.filter((one) => wanted.has(one))) {
    const variable = STACK_VARIABLES[part];
    const value = env[variable];
    if (value === undefined || value === '') continue;
    for (const address of value.split(',')) {
      if (await answers(parseAddress(address, variable))) continue;
      throw new DevStackError(`${variable}: ${address} does not answer; start it, or unset ${variable}`);
    }
    lent[variable] = value;
  }
  return lent;
}
