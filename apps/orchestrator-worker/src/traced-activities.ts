import { defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import { TRACE_HEADER } from '@loom/domain';
import type { TraceCarrier, Tracing } from '@loom/ports';
import type { TraceSinks } from './workflows/trace-run';

/** Each activity of a traced run in a span; others are left alone. */
export function tracedActivities(tracing: Tracing): ActivityInterceptorsFactory {
  return ({ info }) => ({
    inbound: {
      execute(input, next) {
        const header = input.headers[TRACE_HEADER];
        if (header === undefined) return next(input);
        const from = defaultPayloadConverter.fromPayload<TraceCarrier>(header);
        const attributes = { temporalWorkflowId: info.workflowExecution?.workflowId ?? '' };
        return tracing.span(`RunActivity:${info.activityType}`, { from, attributes }, () => next(input));
      },
    },
  });
}

/** Where workflows tell of their spans. It must be there without telemetry too: a traced run may come by. */
export function traceSinks(tracing: Tracing): InjectedSinks<TraceSinks> {
  return {
    traces: {
      runBegan: {
        fn: ({ workflowId, workflowType }, from, spanId) => {
          const attributes = { temporalWorkflowId: workflowId };
          tracing.record({ name: `RunWorkflow:${workflowType}`, spanId, from, attributes });
        },
      },
    },
  };
}
