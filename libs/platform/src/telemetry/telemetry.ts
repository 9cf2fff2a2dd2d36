import { z } from 'zod';
import type { LogFields, Logger, Tracing } from '@loom/ports';
import { loadConfig, type Environment } from '../config';
import { stringBool } from '../config-values';

/** What a program needs to know of telemetry; off, it does nothing and has loaded nothing. */
export interface Telemetry {
  /** Absent when telemetry is off, so that nothing needs to stand in anybody's way. */
  readonly tracing: Tracing | undefined;
  /** What each log line says of the span in which it was written; absent when telemetry is off. */
  readonly logFields: (() => LogFields) | undefined;
  /** Outages of the collector are told here from now on. */
  readonly logTo: (logger: Logger) => void;
  /** Sends what is left, for some seconds at most. Never rejects: what could not be sent is lost. */
  readonly close: () => Promise<void>;
}

const OFF: Telemetry = {
  tracing: undefined,
  logFields: undefined,
  logTo: () => undefined,
  close: () => Promise.resolve(),
};

const PROTOCOLS = ['http/protobuf', 'http/json'] as const;
/** The SDK would pass over one that it cannot read, and send to its default. */
const endpoint = z
  .string()
  .refine(
    (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol),
    'must be an http or https URL',
  )
  .optional();
const protocol = z.enum(PROTOCOLS, { error: `must be one of ${PROTOCOLS.join(', ')}` }).optional();

/** Of the standard variables only those that the SDK does not read by itself, or takes without a word. */
const environment = z.object({
  OTEL_ENABLED: stringBool.prefault('false'),
  OTEL_EXPORTER_OTLP_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: protocol,
  OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint,
});

/**
 * Telemetry as the environment says. It must be started before anything is loaded that it observes.
 * @throws ConfigError, StartError
 */
export async function startTelemetry(service: string, env?: Environment): Promise<Telemetry> {
  const read = loadConfig(environment, env);
  if (!read.OTEL_ENABLED) return OFF;
  const { startSdk } = await import('./start-sdk');
  return startSdk({
    service,
    protocol: read.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? read.OTEL_EXPORTER_OTLP_PROTOCOL ?? 'http/protobuf',
    collector:
      read.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? read.OTEL_EXPORTER_OTLP_ENDPOINT ?? 'http://localhost:4318',
  });
}
