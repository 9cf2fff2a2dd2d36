import { OTLPTraceExporter as JsonExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtobufExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { core, NodeSDK } from '@opentelemetry/sdk-node';
import { createOutageLog, type OutageLog } from '@loom/ports';
import { guardedExporter } from './guarded-exporter';
import { createInstrumentations, loadInstrumented } from './instrumentations';
import { activeSpanFields, createOtelTracing } from './otel-tracing';
import { createSpanIds } from './span-ids';
import type { Telemetry } from './telemetry';

export interface SdkOptions {
  /** service.name, unless the environment gives one. */
  service: string;
  protocol: 'http/protobuf' | 'http/json';
  /** For the log; the exporter reads its own variables. */
  collector: string;
}

/** A collector that is away must not hold up the end of a program; what it does not take by then is lost. */
const CLOSE_MS = 3000;

/**
 * Starts OpenTelemetry's SDK and changes what is to be observed. Sampling, limits, batches, headers and the rest of
 * the standard variables are read by the SDK itself, and where metrics go, too. Logs have another way out.
 */
export function startSdk({ service, protocol, collector }: SdkOptions): Telemetry {
  const outage = deferredOutageLog(collector);
  const ids = createSpanIds();
  const sdk = new NodeSDK({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': service, 'service.namespace': 'loom' }),
    ),
    traceExporter: guardedExporter(
      protocol === 'http/json' ? new JsonExporter() : new ProtobufExporter(),
      outage,
    ),
    idGenerator: ids,
    // No baggage: what a caller writes there is not for migrators and forges.
    textMapPropagator: new core.W3CTraceContextPropagator(),
    instrumentations: createInstrumentations(),
    logRecordProcessors: [],
  });
  sdk.start();
  loadInstrumented();
  return {
    tracing: createOtelTracing(ids),
    logFields: activeSpanFields,
    logTo: outage.logTo,
    close: () => bounded(sdk.shutdown()),
  };
}

/** The program's logger is made after telemetry; an outage that began before is told with the next failure. */
function deferredOutageLog(address: string): OutageLog & Pick<Telemetry, 'logTo'> {
  let log: OutageLog | undefined;
  return {
    failed: (error) => log?.failed(error),
    worked: () => log?.worked(),
    logTo(logger) {
      const remedy = 'start a collector there, or correct OTEL_EXPORTER_OTLP_ENDPOINT; only traces are lost';
      log = createOutageLog({ logger, what: 'the trace collector', address, remedy });
    },
  };
}

async function bounded(closing: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_MS);
  });
  await Promise.race([closing.catch(() => undefined), late]);
  clearTimeout(timer);
}
