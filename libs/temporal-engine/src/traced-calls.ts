import type { WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { TRACE_HEADER } from '@loom/domain';
import type { Tracing } from '@loom/ports';

/** Starts, signals and cancels in spans of their own; a started run takes the trace along in a header. */
export function tracedCalls(tracing: Tracing): WorkflowClientInterceptor {
  const withTrace = (headers: Headers): Headers => {
    const carrier = tracing.carrier();
    if (carrier === undefined) return headers;
    return { ...headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload(carrier) };
  };
  const call = <T>(name: string, workflowId: string, work: () => T): T =>
    tracing.span(name, { kind: 'client', attributes: { temporalWorkflowId: workflowId } }, work);
  return {
    startWithDetails: (input, next) =>
      call(`StartWorkflow:${input.workflowType}`, input.options.workflowId, () =>
        next({ ...input, headers: withTrace(input.headers) }),
      ),
    signal: (input, next) =>
      call(`SignalWorkflow:${input.signalName}`, input.workflowExecution.workflowId, () => next(input)),
    cancel: (input, next) => call('CancelWorkflow', input.workflowExecution.workflowId, () => next(input)),
  };
}
