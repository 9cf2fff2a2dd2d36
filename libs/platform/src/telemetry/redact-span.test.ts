import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { emptyResource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { createCallbackSigner } from '../callback-signer';
import { redactSpan } from './redact-span';

const CANARY = 'canary-91c2e7f3';
const address = { runId: 'm__c', runAttempt: 1, stepIndex: 0, attempt: 2 };
const callbackId = createCallbackSigner([{ id: 'k1', secret: `${CANARY}-as-key` }]).sign(address, CANARY);
const mac = callbackId.split('~').at(-1) ?? '';

function spanWith(over: Partial<ReadableSpan>): ReadableSpan {
  const spanContext = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
  return {
    name: 'POST',
    kind: SpanKind.SERVER,
    spanContext: () => spanContext,
    parentSpanContext: { ...spanContext, spanId: '3'.repeat(16) },
    startTime: [1, 2],
    endTime: [3, 4],
    status: { code: SpanStatusCode.UNSET },
    attributes: {},
    links: [],
    events: [],
    duration: [2, 2],
    ended: true,
    resource: emptyResource(),
    instrumentationScope: { name: 'test' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    ...over,
  };
}

/** Every way in which a secret could leave in a span. */
const leaks: Record<string, Partial<ReadableSpan>> = {
  'the path of a callback': { attributes: { 'url.path': `/event/${callbackId}` } },
  'the target of a callback': { attributes: { 'http.target': `/event/${callbackId}?a=b` } },
  'the URL of a callback below a base path': {
    attributes: { 'url.full': `https://loom.test/base/event/${encodeURIComponent(callbackId)}` },
  },
  'a callback id in an unusual spelling': {
    attributes: {
      'url.path': `/event/${callbackId.replace(mac, `%${mac.charCodeAt(0).toString(16)}${CANARY}`)}`,
    },
  },
  'a callback id elsewhere': { attributes: { id: callbackId, ids: ['a', callbackId] } },
  'a name': { name: `POST /event/${callbackId}` },
  'a status': { status: { code: SpanStatusCode.ERROR, message: `cannot POST /event/${callbackId}` } },
  'an exception': {
    events: [
      {
        name: 'exception',
        time: [1, 1],
        attributes: { 'exception.message': `to http://u:${CANARY}@h/`, 'exception.stacktrace': callbackId },
      },
    ],
  },
  'a link': { links: [{ context: spanWith({}).spanContext(), attributes: { token: CANARY } }] },
  'a query': {
    attributes: { 'url.query': `?q=${CANARY}`, 'url.full': `http://m.test/x?token=${CANARY}#${CANARY}` },
  },
  headers: {
    attributes: { 'http.request.header.x-api-key': [CANARY], 'http.request.header.cookie': CANARY },
  },
  credentials: { attributes: { said: `Bearer ${CANARY}`, nonce: CANARY } },
};

const text = (span: ReadableSpan): string => JSON.stringify({ ...span, context: span.spanContext() });

it.each(Object.entries(leaks))('hides %s', (_name, over) => {
  const given = text(spanWith(over));
  const shown = text(redactSpan(spanWith(over)));
  expect(given.includes(CANARY) || given.includes(mac)).toBe(true);
  expect(shown).not.toContain(CANARY);
  expect(shown).not.toContain(mac);
});

it('leaves everything else as it is, and the span that it was given', () => {
  const attributes = {
    'http.route': '/event/:callbackId',
    'url.path': '/migrations/m/candidates/c/start',
    'http.response.status_code': 202,
    'server.address': 'loom.test',
    list: [1, 2],
  };
  const span = spanWith({ name: 'POST /event/:callbackId', attributes });
  expect(text(redactSpan(span))).toBe(text(span));
  const secret = spanWith({ attributes: Object.freeze({ token: CANARY }) });
  expect(redactSpan(secret).attributes).toEqual({ token: '[redacted]' });
});
