import { AsyncLocalStorage } from 'node:async_hooks';
import type { SpanOptions, TraceCarrier, Tracing } from '../tracing';

/** A span as it was kept when it ended. */
export interface KeptSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentId?: string;
  attributes: Readonly<Record<string, string | number>>;
  failed: boolean;
}

type Place = Pick<KeptSpan, 'traceId' | 'spanId'>;

/** Keeps its spans, with ids that are counted. */
export class MemoryTracing implements Tracing {
  readonly spans: KeptSpan[] = [];
  private readonly active = new AsyncLocalStorage<Place | undefined>();
  private last = 0;

  span<T>(name: string, { from, attributes = {} }: SpanOptions, work: () => T): T {
    const parent = from === undefined ? this.active.getStore() : placeIn(from);
    const place = { traceId: parent?.traceId ?? this.newId(32), spanId: this.newId(16) };
    const end = (failed: boolean): void => this.keep({ name, attributes, failed, ...place }, parent);
    return this.active.run(place, () => {
      try {
        const result = work();
        if (!(result instanceof Promise)) end(false);
        else
          result.then(
            () => end(false),
            () => end(true),
          );
        return result;
      } catch (error) {
        end(true);
        throw error;
      }
    });
  }

  carrier(): TraceCarrier | undefined {
    const place = this.active.getStore();
    return place === undefined ? undefined : { traceparent: `00-${place.traceId}-${place.spanId}-01` };
  }

  apart<T>(work: () => T): T {
    return this.active.run(undefined, work);
  }

  record({ name, spanId, from, attributes }: Parameters<Tracing['record']>[0]): void {
    const parent = placeIn(from);
    const traceId = parent?.traceId ?? this.newId(32);
    this.keep({ name, attributes, failed: false, traceId, spanId }, parent);
  }

  private keep(span: KeptSpan, parent: Place | undefined): void {
    this.spans.push(parent === undefined ? span : { ...span, parentId: parent.spanId });
  }

  private newId(length: number): string {
    this.last += 1;
    return this.last.toString(16).padStart(length, '0');
  }
}

function placeIn(carrier: TraceCarrier): Place | undefined {
  const [, traceId, spanId] = /^00-([0-9a-f]{32})-([0-9a-f]{16})-/.exec(carrier['traceparent'] ?? '') ?? [];
  return traceId === undefined || spanId === undefined ? undefined : { traceId, spanId };
}
