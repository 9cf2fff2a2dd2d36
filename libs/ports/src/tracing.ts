/** What joins the spans of one process with those of the next: W3C's `traceparent`, and `tracestate` if there is one. */
export type TraceCarrier = Readonly<Record<string, string>>;

export interface SpanOptions {
  /** What to go on with; the active span when absent. */
  from?: TraceCarrier | undefined;
  /** Whether it asks another process, serves one, or neither (the default). */
  kind?: 'client' | 'server';
  /** Never secrets, never what people typed. */
  attributes?: Readonly<Record<string, string | number>>;
}

/** A span whose id was chosen where nothing can be recorded, such as inside a workflow. */
export interface RecordedSpan {
  name: string;
  /** 16 hexadecimal digits. */
  spanId: string;
  /** What caused it. */
  from: TraceCarrier;
  attributes: Readonly<Record<string, string | number>>;
}

/** The traces that this process takes part in. */
export interface Tracing {
  /** Runs `work` in a span, which ends with it or with its promise. Its failure is recorded and passed on. */
  span<T>(name: string, options: SpanOptions, work: () => T): T;
  /** What another process, or this one later, needs to go on with the active span; undefined outside of spans. */
  carrier(): TraceCarrier | undefined;
  /** Runs `work` outside of every span: for what outlives the request that happened to begin it. */
  apart<T>(work: () => T): T;
  /** Records a moment as a span. */
  record(span: RecordedSpan): void;
}

/** Traces nothing, at the cost of a call. */
export const noTracing: Tracing = {
  span: (_name, _options, work) => work(),
  carrier: () => undefined,
  apart: (work) => work(),
  record: () => undefined,
};
