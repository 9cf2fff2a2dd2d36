import { callsBetween, callsIn } from './server-metrics';

const TEXT = `# TYPE service_requests counter
service_requests{namespace="default",operation="SignalWorkflowExecution",service_name="frontend"} 12
service_requests{namespace="other",operation="SignalWorkflowExecution",service_name="frontend"} 3
service_requests{namespace="default",operation="SignalWorkflowExecution",service_name="history"} 40
service_requests{namespace="default",operation="PollWorkflowTaskQueue",service_name="frontend"} 1e+03
service_latency_count{operation="PollWorkflowTaskQueue",service_name="frontend"} 5
`;

it("calls of the server's front are counted by operation, those between its parts are not", () => {
  expect([...callsIn(TEXT)]).toEqual([
    ['SignalWorkflowExecution', 15],
    ['PollWorkflowTaskQueue', 1000],
  ]);
});

it('what came between two readings is the difference, also of an operation that was not there before', () => {
  const before = new Map([['Signal', 5]]);
  const after = new Map([
    ['Signal', 9],
    ['Poll', 2],
  ]);
  expect(callsBetween(before, after)).toBe(6);
});
