import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import type { OutageLog } from '@loom/ports';
import { redactSpan } from './redact-span';

/** Every span passes here on its way out: without secrets, and with one line for each outage of the collector. */
export function guardedExporter(exporter: SpanExporter, outage: OutageLog): SpanExporter {
  return {
    export(spans: ReadableSpan[], done) {
      exporter.export(spans.map(redactSpan), (result) => {
        if (result.error === undefined) outage.worked();
        else outage.failed(result.error.message);
        done(result);
      });
    },
    forceFlush: async () => exporter.forceFlush?.(),
    shutdown: () => exporter.shutdown(),
  };
}
