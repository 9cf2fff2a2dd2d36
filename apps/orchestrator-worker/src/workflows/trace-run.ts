import { defaultPayloadConverter, proxySinks, workflowInfo } from '@temporalio/workflow';
import type { Headers, Payload, Sinks, WorkflowInterceptors } from '@temporalio/workflow';
import { TRACE_HEADER } from '@loom/domain';
import type { TraceCarrier } from '@loom/ports';

/** How a workflow tells the worker of its span; nothing comes back, and nothing is told on replay. */
export interface TraceSinks extends Sinks {
  traces: { runBegan(from: TraceCarrier, spanId: string): void };
}

/**
 * Carries the trace that started a run through to its activities and to its next execution. A run without one costs a
 * comparison a call. Nothing here waits or returns another promise: the order in which a run's promises resolve, and so
 * its commands, are the same with a trace and without. The span is a moment at the beginning, since a run lives for
 * weeks and a span is sent when it ends.
 */
export const interceptors = (): WorkflowInterceptors => {
  let trace: Payload | undefined;
  const traced = <I extends { readonly headers: Headers }>(input: I): I =>
    trace === undefined ? input : { ...input, headers: { ...input.headers, [TRACE_HEADER]: trace } };
  return {
    inbound: [
      {
        execute(input, next) {
          trace = ofThisExecution(input.headers[TRACE_HEADER]);
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(traced(input)),
        scheduleLocalActivity: (input, next) => next(traced(input)),
        continueAsNew: (input, next) => next(traced(input)),
      },
    ],
  };
};

const TRACEPARENT = /^(00-[0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

/** The same trace with this execution as parent; undefined when there is none that can be read. */
function ofThisExecution(header: Payload | undefined): Payload | undefined {
  const from = carrierIn(header);
  const [, trace, flags] = TRACEPARENT.exec(from?.['traceparent'] ?? '') ?? [];
  if (from === undefined || trace === undefined || flags === undefined) return undefined;
  // Random enough, and the same on replay: the end of the execution's own id.
  const spanId = workflowInfo().runId.replaceAll('-', '').slice(-16);
  proxySinks<TraceSinks>().traces.runBegan(from, spanId);
  return defaultPayloadConverter.toPayload({ ...from, traceparent: `${trace}-${spanId}-${flags}` });
}

function carrierIn(header: Payload | undefined): TraceCarrier | undefined {
  if (header === undefined) return undefined;
  try {
    return defaultPayloadConverter.fromPayload<TraceCarrier>(header);
  } catch {
    // Whoever started the run wrote it otherwise; a run must not fail for that.
    return undefined;
  }
}
