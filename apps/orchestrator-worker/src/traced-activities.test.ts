import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { TRACE_HEADER } from '@loom/domain';
import { MemoryTracing } from '@loom/ports/memory';
import { tracedActivities, traceSinks } from './traced-activities';

const FROM = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' };
const JOINED = { traceId: '0af7651916cd43dd8448eb211c80319c', parentId: 'b7ad6b7169203331' };

type Factory = ReturnType<typeof tracedActivities>;

/** Runs an activity that was scheduled with `headers`; gives what it found active. */
async function run(tracing: MemoryTracing, headers: Headers): Promise<unknown> {
  const info = { activityType: 'dispatchStep', workflowExecution: { workflowId: 'm__c' } };
  const { inbound } = tracedActivities(tracing)({ info } as unknown as Parameters<Factory>[0]);
  if (inbound?.execute === undefined) throw new Error('activities are not intercepted');
  return await inbound.execute({ args: ['canary'], headers }, () => Promise.resolve(tracing.carrier()));
}

it('an activity of a traced run has a span below the run', async () => {
  const tracing = new MemoryTracing();
  const inside = await run(tracing, { [TRACE_HEADER]: defaultPayloadConverter.toPayload(FROM) });
  const [span] = tracing.spans;
  expect(span).toMatchObject({
    name: 'RunActivity:dispatchStep',
    attributes: { temporalWorkflowId: 'm__c' },
    ...JOINED,
  });
  expect(inside).toEqual({ traceparent: `00-${JOINED.traceId}-${span?.spanId ?? ''}-01` });
  expect(JSON.stringify(tracing.spans)).not.toContain('canary');
});

it('an activity without a trace is left alone', async () => {
  const tracing = new MemoryTracing();
  expect(await run(tracing, {})).toBeUndefined();
  expect(tracing.spans).toEqual([]);
});

it('a run is a span under the id that it chose', async () => {
  const tracing = new MemoryTracing();
  const { runBegan } = traceSinks(tracing).traces;
  const info = { workflowId: 'm__c', workflowType: 'W', memo: { secret: 'canary' } };
  await runBegan.fn(info as unknown as Parameters<typeof runBegan.fn>[0], FROM, '00000000000000aa');
  expect(tracing.spans).toEqual([
    {
      name: 'RunWorkflow:W',
      spanId: '00000000000000aa',
      attributes: { temporalWorkflowId: 'm__c' },
      failed: false,
      ...JOINED,
    },
  ]);
});
