import { SpanStatusCode } from '@opentelemetry/api';
import { core, NodeSDK } from '@opentelemetry/sdk-node';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { describeTracing } from '@loom/ports/contract';
import { createLogger } from '../logger';
import { memoryStream } from '../testing/lines';
import { activeSpanFields, createOtelTracing } from './otel-tracing';
import { createSpanIds } from './span-ids';

const exporter = new InMemorySpanExporter();
const ids = createSpanIds();
const sdk = new NodeSDK({
  spanProcessors: [new SimpleSpanProcessor({ exporter })],
  idGenerator: ids,
  textMapPropagator: new core.W3CTraceContextPropagator(),
  autoDetectResources: false,
  metricReaders: [],
  logRecordProcessors: [],
});

beforeAll(() => sdk.start());
beforeEach(() => exporter.reset());
afterAll(() => sdk.shutdown());

describeTracing('OpenTelemetry', () => ({
  tracing: createOtelTracing(ids),
  spans: () =>
    exporter.getFinishedSpans().map((span) => ({
      name: span.name,
      ...span.spanContext(),
      ...(span.parentSpanContext === undefined ? {} : { parentId: span.parentSpanContext.spanId }),
      attributes: span.attributes as Record<string, string | number>,
      failed: span.status.code === SpanStatusCode.ERROR,
    })),
}));

it('names the active span in log lines, and nothing outside of spans', () => {
  const out = memoryStream();
  const logger = createLogger({
    level: 'info',
    format: 'json',
    service: 'test',
    stream: out.stream,
    more: activeSpanFields,
  });
  createOtelTracing(ids).span('work', {}, () => logger.child({ trace_id: 'not this' }).info('inside'));
  createOtelTracing(ids).span('work', {}, () => logger.info('inside'));
  logger.info('outside');
  const [, inside, outside] = out.json();
  const { traceId, spanId } = exporter.getFinishedSpans()[1]?.spanContext() ?? {};
  expect(inside).toMatchObject({ message: 'inside', trace_id: traceId, span_id: spanId });
  expect(outside).not.toHaveProperty('trace_id');
});
