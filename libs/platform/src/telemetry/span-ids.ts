import { randomBytes } from 'node:crypto';
import type { IdGenerator } from '@opentelemetry/sdk-trace';

/** Random ids, except where a span was given its own before it was recorded. */
export interface SpanIds extends IdGenerator {
  /** The span that `start` begins, at once, has this id. */
  withSpanId<T>(spanId: string, start: () => T): T;
}

export function createSpanIds(): SpanIds {
  let chosen: string | undefined;
  return {
    generateTraceId: () => randomBytes(16).toString('hex'),
    generateSpanId: () => chosen ?? randomBytes(8).toString('hex'),
    withSpanId(spanId, start) {
      chosen = spanId;
      try {
        return start();
      } finally {
        chosen = undefined;
      }
    },
  };
}
