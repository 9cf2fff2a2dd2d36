import { obtainRedis } from './obtain-redis';
import { obtainTemporal } from './obtain-temporal';
import { type Probes } from './probes';
import { type Obtained, type Program } from './program';
import { type RedisOptions, startRedis } from './redis-server';
import { type Server } from './server';
import { startTemporal, type TemporalOptions } from './temporal-server';

export interface Provided {
  /** host:port */
  address: string;
  /** undefined when somebody else runs it. */
  server: Server | undefined;
}

/** A Redis for a developer's stack: the one REDIS_ADDR names, or one of our own with the given options. */
export async function provideRedis(
  probes: Probes,
  options: Omit<RedisOptions, 'program'>,
): Promise<Provided> {
  return provided(await obtainRedis(probes), (program) => startRedis({ ...options, program }));
}

/** A Temporal for a developer's stack: the one TEMPORAL_HOSTPORT names, or one of our own with the given options. */
export async function provideTemporal(
  probes: Probes,
  options: Omit<TemporalOptions, 'program'>,
): Promise<Provided> {
  return provided(await obtainTemporal(probes), (program) => startTemporal({ ...options, program }));
}

async function provided(obtained: Obtained, start: (program: Program) => Promise<Server>): Promise<Provided> {
  if (obtained.kind === 'running') return { address: obtained.address, server: undefined };
  const server = await start(obtained);
  return { address: server.address, server };
}
