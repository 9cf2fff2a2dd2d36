import { createRequire } from 'node:module';
import type { IncomingMessage } from 'node:http';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { IORedisInstrumentation } from '@opentelemetry/instrumentation-ioredis';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';

/** What is asked all the time and says nothing, and streams, which would be spans of hours. */
const NOT_TRACED = /^\/(?:healthz?|readyz|metrics)$|\/events$/;

/** Spans of what is served, of what is asked of others, and of Redis within those. */
export function createInstrumentations() {
  return [
    new HttpInstrumentation({
      ignoreIncomingRequestHook: (request) => NOT_TRACED.test(pathOf(request)),
      // Programs ask others through undici.
      disableOutgoingRequestInstrumentation: true,
    }),
    // Only for the route in the request's own span: a span for each middleware would tell nobody anything.
    new ExpressInstrumentation({ ignoreLayersType: Object.values(ExpressLayerType) }),
    new IORedisInstrumentation({ dbStatementSerializer: (command) => command }),
    new UndiciInstrumentation({ requireParentforSpans: true }),
  ];
}

/**
 * Loads what the instrumentations change, so that they change it now. The programs import it as modules, which passes
 * by the hook on `require`; but they get the same objects, since all of it is CommonJS.
 */
export function loadInstrumented(): void {
  const require = createRequire(import.meta.url);
  for (const name of ['http', 'express', 'ioredis']) require(name);
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '').replace(/\?.*$/s, '');
}
