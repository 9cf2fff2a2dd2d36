// A worker of bare Temporal, in a process of its own. Arguments: address, task queue, the migrator's URL.
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { dispatch, dispatchTo } from './activities';

const [address = '', taskQueue = '', migratorUrl = ''] = process.argv.slice(2);
dispatchTo(migratorUrl);
const connection = await NativeConnection.connect({ address });
const workflowBundle = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('workflow.ts', import.meta.url)),
});
const worker = await Worker.create({
  ...{ connection, taskQueue, workflowBundle, activities: { dispatch } },
  // The same as Loom's own worker: what is compared is the design.
  maxConcurrentWorkflowTaskExecutions: 40,
  maxConcurrentLocalActivityExecutions: 200,
  maxConcurrentActivityTaskExecutions: 200,
  maxCachedWorkflows: 1000,
});
await worker.run();
