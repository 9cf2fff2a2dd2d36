import { ConfigError } from './start-error';

/** What programs read of the environment about Redis; see `commonEnvironment`. */
export interface RedisEnvironment {
  REDIS_ADDR: string;
  REDIS_USERNAME?: string | undefined;
  REDIS_PASSWORD?: string | undefined;
  LOOM_REDIS_CLUSTER: boolean;
  LOOM_REDIS_TLS: boolean;
}

/**
 * How the store connects to Redis.
 * @throws ConfigError for several addresses of what is no cluster: only one of them could be meant.
 */
export function redisOptions(read: RedisEnvironment) {
  const { REDIS_ADDR: addr, LOOM_REDIS_CLUSTER: cluster } = read;
  if (!cluster && addr.includes(','))
    throw new ConfigError(['REDIS_ADDR: must be one address unless LOOM_REDIS_CLUSTER is true']);
  return {
    addr,
    cluster,
    tls: read.LOOM_REDIS_TLS,
    username: read.REDIS_USERNAME,
    password: read.REDIS_PASSWORD,
  };
}
