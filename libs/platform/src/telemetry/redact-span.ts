import type { Attributes, AttributeValue } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { isSecretKey, redactText } from '../redact';

const MASK = '[redacted]';
/** Whatever follows is a callback id in some spelling, unless it is the name of the route. */
const CALLBACK_PATH = /(\/event\/)(?!:callbackId\b)[^\s/?#"'<>]+/gi;
const URLS = new Set(['url.full', 'url.path', 'http.url', 'http.target']);
/** Queries hold what people look for, and in a migrator's URL anything at all. */
const LEFT_OUT = new Set(['url.query']);

/** A copy of `span` without secrets, query strings and callback ids; everything else of it stays. */
export function redactSpan(span: ReadableSpan): ReadableSpan {
  const { message } = span.status;
  return {
    name: clean(span.name),
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    status: message === undefined ? span.status : { ...span.status, message: clean(message) },
    attributes: redactAttributes(span.attributes),
    links: span.links.map((link) => ({ ...link, attributes: redactAttributes(link.attributes) })),
    events: span.events.map((event) => ({ ...event, attributes: redactAttributes(event.attributes) })),
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}

function redactAttributes(attributes: Attributes = {}): Attributes {
  const kept = Object.entries(attributes).filter(([key]) => !LEFT_OUT.has(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, redactValue(key, value)]));
}

function redactValue(key: string, value: AttributeValue | undefined): AttributeValue | undefined {
  // Of `http.request.header.x-api-key` the last part says what it is.
  if (value !== undefined && isSecretKey(key.split('.').at(-1) ?? key)) return MASK;
  if (Array.isArray(value))
    return value.map((item) => (typeof item === 'string' ? clean(item) : item)) as AttributeValue;
  if (typeof value !== 'string') return value;
  return clean(URLS.has(key) ? value.replace(/[?#].*$/s, '') : value);
}

function clean(text: string): string {
  return redactText(text.replace(CALLBACK_PATH, `$1${MASK}`));
}
