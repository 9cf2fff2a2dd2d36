import { Worker, type NativeConnection, type WorkflowBundleOption } from '@temporalio/worker';
import { noTracing, type Tracing } from '@loom/ports';
import type { Activities } from './activities';
import { tracedActivities, traceSinks } from './traced-activities';

export interface RunWorkerDeps {
  connection: NativeConnection;
  namespace: string;
  taskQueue: string;
  workflowBundle: WorkflowBundleOption;
  activities: Activities;
  /** How long work under way may still take after a shutdown began, in ms. */
  shutdownGraceMs: number;
  /** Absent when telemetry is off: then activities run without an interceptor. */
  tracing?: Tracing | undefined;
}

/** Each hop passes one workflow task; more at once trade its latency for throughput. */
const WORKFLOW_TASKS = 40;
/** At least as many as workflow tasks, or slow migrators would starve the quick ones. */
const LOCAL_ACTIVITIES = 200;
/** Dispatches that wait for slow migrators, mostly idle. */
const ACTIVITIES = 200;
/** Open runs kept in memory; a run beyond them is replayed when something happens to it. */
const CACHED_RUNS = 1000;

/** The Temporal worker that drives runs. Its limits are for one process of about two cores. */
export async function createRunWorker(deps: RunWorkerDeps): Promise<Worker> {
  const { tracing } = deps;
  return Worker.create({
    connection: deps.connection,
    namespace: deps.namespace,
    taskQueue: deps.taskQueue,
    workflowBundle: deps.workflowBundle,
    activities: deps.activities,
    sinks: traceSinks(tracing ?? noTracing),
    interceptors: { activity: tracing === undefined ? [] : [tracedActivities(tracing)] },
    maxConcurrentWorkflowTaskExecutions: WORKFLOW_TASKS,
    maxConcurrentLocalActivityExecutions: LOCAL_ACTIVITIES,
    maxConcurrentActivityTaskExecutions: ACTIVITIES,
    maxCachedWorkflows: CACHED_RUNS,
    // A cancel reaches a POST under way with the answer to a heartbeat; by default those wait for 4 s.
    maxHeartbeatThrottleInterval: '1s',
    // After a crash, what waits for the dead worker's sticky queue goes to another one after this, not after 10 s.
    stickyQueueScheduleToStartTimeout: '1s',
    shutdownGraceTime: deps.shutdownGraceMs,
    shutdownForceTime: deps.shutdownGraceMs + 5000,
  });
}
