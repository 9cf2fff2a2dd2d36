import { core } from '@opentelemetry/sdk-node';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { createOutageLog } from '@loom/ports';
import { MemoryLogger } from '@loom/ports/memory';
import { guardedExporter } from './guarded-exporter';

const { SUCCESS, FAILED } = core.ExportResultCode;
type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

/** An exporter whose batches end as `results` say, and what it was given. */
function setUp(results: Result[]) {
  const logger = new MemoryLogger();
  const given: ReadableSpan[] = [];
  const inner: SpanExporter = {
    export(spans, done) {
      given.push(...spans);
      done(results.shift() ?? { code: SUCCESS });
    },
    shutdown: () => Promise.resolve(),
  };
  const what = { what: 'the collector', address: 'here', remedy: 'start it' };
  const exporter = guardedExporter(inner, createOutageLog({ logger, ...what }));
  const send = (span: Partial<ReadableSpan> = {}): Promise<Result> =>
    new Promise((resolve) => exporter.export([spanOf(span)], resolve));
  return { logger, given, send };
}

const spanOf = (over: Partial<ReadableSpan>): ReadableSpan =>
  ({
    name: 'x',
    status: { code: 0 },
    attributes: {},
    links: [],
    events: [],
    ...over,
  }) as unknown as ReadableSpan;

it('tells of an outage once, and of its end, and passes each result on', async () => {
  const away = { code: FAILED, error: new Error('connect ECONNREFUSED') };
  const { logger, send } = setUp([away, away, away, { code: SUCCESS }, { code: SUCCESS }, away]);
  for (const expected of [FAILED, FAILED, FAILED, SUCCESS, SUCCESS, FAILED])
    expect((await send()).code).toBe(expected);
  const told = logger.lines.filter(({ level }) => level !== 'debug');
  expect(told.map(({ level, message }) => `${level} ${message}`)).toEqual([
    'warn the collector cannot be used',
    'info the collector can be used again',
    'warn the collector cannot be used',
  ]);
});

it('lets no secret pass', async () => {
  const { given, send } = setUp([]);
  await send({ attributes: { 'url.path': '/event/m__c~1~0~1~k~canary', token: 'canary', kept: 'yes' } });
  expect(given[0]?.attributes).toEqual({ 'url.path': '/event/[redacted]', token: '[redacted]', kept: 'yes' });
});
