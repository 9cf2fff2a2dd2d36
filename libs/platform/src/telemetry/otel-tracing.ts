import {
  context,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Span,
} from '@opentelemetry/api';
import type { LogFields, SpanOptions, TraceCarrier, Tracing } from '@loom/ports';
import type { SpanIds } from './span-ids';

const KINDS = { client: SpanKind.CLIENT, server: SpanKind.SERVER } as const;

/** Tracing on OpenTelemetry's globals, which must have been set by then. */
export function createOtelTracing(ids: SpanIds): Tracing {
  const tracer = trace.getTracer('loom');
  return {
    span<T>(name: string, { from, kind, attributes = {} }: SpanOptions, work: () => T): T {
      const parent = from === undefined ? context.active() : extracted(from);
      const options = { kind: kind === undefined ? SpanKind.INTERNAL : KINDS[kind], attributes };
      const span = tracer.startSpan(name, options, parent);
      return context.with(trace.setSpan(parent, span), () => ending(span, work));
    },
    carrier() {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      return carrier['traceparent'] === undefined ? undefined : carrier;
    },
    apart: (work) => context.with(ROOT_CONTEXT, work),
    record({ name, spanId, from, attributes }) {
      ids.withSpanId(spanId, () => tracer.startSpan(name, { attributes }, extracted(from))).end();
    },
  };
}

/** The active span's ids, under the names that collectors of logs know. */
export function activeSpanFields(): LogFields {
  const active = trace.getActiveSpan()?.spanContext();
  return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId };
}

function extracted(carrier: TraceCarrier): Context {
  return propagation.extract(ROOT_CONTEXT, carrier);
}

function ending<T>(span: Span, work: () => T): T {
  const failed = (error: unknown): never => {
    const message = error instanceof Error ? error.message : String(error);
    span.recordException(error instanceof Error ? error : message);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    span.end();
    throw error;
  };
  let result: T;
  try {
    result = work();
  } catch (error) {
    return failed(error);
  }
  if (!(result instanceof Promise)) {
    span.end();
    return result;
  }
  const ended = result.then((value: unknown) => {
    span.end();
    return value;
  }, failed);
  return ended as T;
}
