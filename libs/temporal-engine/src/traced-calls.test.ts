import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { TRACE_HEADER } from '@loom/domain';
import { MemoryTracing } from '@loom/ports/memory';
import { tracedCalls } from './traced-calls';

type Calls = Required<ReturnType<typeof tracedCalls>>;

function setUp() {
  const tracing = new MemoryTracing();
  return { tracing, calls: tracedCalls(tracing) as Calls };
}

it('a start takes its span along to the workflow', async () => {
  const { tracing, calls } = setUp();
  const input = { workflowType: 'W', headers: {}, options: { workflowId: 'm__c' } };
  let headers: Headers = {};
  await calls.startWithDetails(input as unknown as Parameters<Calls['startWithDetails']>[0], (passed) => {
    ({ headers } = passed);
    return Promise.resolve({ runId: 'r', eagerlyStarted: false });
  });
  const [span] = tracing.spans;
  expect(span).toMatchObject({ name: 'StartWorkflow:W', attributes: { temporalWorkflowId: 'm__c' } });
  const header = headers[TRACE_HEADER];
  if (header === undefined) throw new Error('no header');
  expect(defaultPayloadConverter.fromPayload(header)).toEqual({
    traceparent: `00-${span?.traceId ?? ''}-${span?.spanId ?? ''}-01`,
  });
});

it('a signal has a span, which says nothing of its payload, and a failure is told', async () => {
  const { tracing, calls } = setUp();
  const input = {
    signalName: 's',
    args: ['canary'],
    headers: {},
    workflowExecution: { workflowId: 'm__c' },
  } as unknown as Parameters<Calls['signal']>[0];
  await expect(calls.signal(input, () => Promise.reject(new Error('gone')))).rejects.toThrow('gone');
  expect(tracing.spans).toMatchObject([{ name: 'SignalWorkflow:s', failed: true }]);
  expect(JSON.stringify(tracing.spans)).not.toContain('canary');
});

it('a cancel has a span', async () => {
  const { tracing, calls } = setUp();
  const input = { workflowExecution: { workflowId: 'm__c' } } as Parameters<Calls['cancel']>[0];
  await calls.cancel(input, () => Promise.resolve({} as never));
  expect(tracing.spans).toMatchObject([
    { name: 'CancelWorkflow', attributes: { temporalWorkflowId: 'm__c' } },
  ]);
});
