import { join } from 'node:path';
import {
  obtainRedis,
  obtainRedisProgram,
  obtainTemporal,
  obtainTemporalProgram,
  requireFreePort,
  startRedis,
  startTemporal,
  type Program,
} from '@loom/dev-stack';
import type { LocalLoomOptions } from './local-loom';
import { lentServerSettings, type LentServers } from './service-environment';
import { PORT_VARIABLES, requireDifferentPorts, type Ports } from './settings';

/** Temporal and Redis, ours or somebody else's. */
export interface Servers {
  /** How programs find them and get in. */
  environment: Record<string, string>;
  ownTemporal: boolean;
}

/** @throws DevStackError one line for the first port that is taken, or wanted twice, of those this Loom will use */
export async function requireFreePorts(ports: Ports, lent: LentServers): Promise<void> {
  const own: (keyof Ports)[] = ['api', 'worker', 'migrator', 'forge'];
  if (!lent.redis) own.push('redis');
  if (!lent.temporal) own.push('temporal', 'temporalUi');
  requireDifferentPorts(ports, own);
  for (const part of own) await requireFreePort(ports[part], PORT_VARIABLES[part][0]);
}

type ServerOptions = Pick<LocalLoomOptions, 'group' | 'probes' | 'directory' | 'ports' | 'servers'>;

/** Obtains and starts what is not lent. */
export async function startServers(options: ServerOptions): Promise<Servers> {
  const { probes, ports } = options;
  const own = options.servers === 'own';
  const redis = own ? await obtainRedisProgram(probes) : await obtainRedis(probes);
  const temporal = own ? await obtainTemporalProgram(probes) : await obtainTemporal(probes);
  const lent = { redis: redis.kind === 'running', temporal: temporal.kind === 'running' };
  await requireFreePorts(ports, lent);
  const [redisAddress, temporalAddress] = await Promise.all([
    redis.kind === 'running' ? redis.address : startOwnRedis(redis, options),
    temporal.kind === 'running' ? temporal.address : startOwnTemporal(temporal, options),
  ]);
  return {
    environment: {
      REDIS_ADDR: redisAddress,
      TEMPORAL_HOSTPORT: temporalAddress,
      ...lentServerSettings(probes.env, lent),
    },
    ownTemporal: !lent.temporal,
  };
}

async function startOwnRedis(program: Program, { group, directory, ports }: ServerOptions): Promise<string> {
  const { address } = await startRedis({
    group,
    program,
    directory: join(directory, 'redis'),
    port: ports.redis,
    logFile: join(directory, 'logs', 'redis.log'),
  });
  return address;
}

async function startOwnTemporal(
  program: Program,
  { group, directory, ports }: ServerOptions,
): Promise<string> {
  const { address } = await startTemporal({
    group,
    program,
    directory: join(directory, 'temporal'),
    port: ports.temporal,
    uiPort: ports.temporalUi,
    logFile: join(directory, 'logs', 'temporal.log'),
  });
  return address;
}
