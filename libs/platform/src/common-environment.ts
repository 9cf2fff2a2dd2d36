import { z } from 'zod';
import { callbackKeys, hostPort, httpUrl, logFormat, logLevel, port, stringBool } from './config-values';

/** What every app reads; an app's own config.ts spreads it into its `z.object({...})`, or picks from it. */
export const commonEnvironment = {
  TEMPORAL_HOSTPORT: hostPort.prefault('localhost:7233'),
  TEMPORAL_NAMESPACE: z.string().default('default'),
  REDIS_ADDR: hostPort.prefault('localhost:6379'),
  REDIS_PASSWORD: z.string().optional(),
  PORT: port.prefault('8080'),
  OTEL_ENABLED: stringBool.prefault('false'),
  /** Address to listen on. Loopback by default: whoever opens it to others says so. */
  LOOM_HOST: z.string().default('127.0.0.1'),
  /** The URL under which migrators reach the api; callback URLs are made from it. */
  LOOM_PUBLIC_URL: httpUrl.optional(),
  /** See `resolveCallbackKeys` for what holds when it is absent. */
  LOOM_CALLBACK_KEYS: callbackKeys.optional(),
  LOOM_LOG_LEVEL: logLevel.default('info'),
  LOOM_LOG_FORMAT: logFormat.default('json'),
} as const;
