import { z } from 'zod';
import { callbackKeys, hostPort, hostPorts, logFormat, logLevel, port, stringBool } from './config-values';

/** What every app reads; an app's own config.ts spreads it into its `z.object({...})`, or picks from it. */
export const commonEnvironment = {
  TEMPORAL_HOSTPORT: hostPort.prefault('localhost:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  /** Of a cluster some nodes, separated by commas. */
  REDIS_ADDR: hostPorts.prefault('localhost:6379'),
  /** Of Redis' access control lists; its `default` user when absent. */
  REDIS_USERNAME: z.string().optional(),
  REDIS_PASSWORD: z.string().optional(),
  LOOM_REDIS_CLUSTER: stringBool.prefault('false'),
  LOOM_REDIS_TLS: stringBool.prefault('false'),
  PORT: port.prefault('8080'),
  /** Read before anything else, by telemetry; it stands here so that a wrong value is told with the others. */
  OTEL_ENABLED: stringBool.prefault('false'),
  /** Address to listen on. Loopback by default: whoever opens it to others says so. */
  LOOM_HOST: z.string().default('127.0.0.1'),
  /** See `resolveCallbackKeys` for what holds when it is absent. */
  LOOM_CALLBACK_KEYS: callbackKeys.optional(),
  LOOM_LOG_LEVEL: logLevel.default('info'),
  LOOM_LOG_FORMAT: logFormat.default('json'),
} as const;
