import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import type { Client } from '@temporalio/client';
import { startService, type ProcessGroup } from '@loom/dev-stack';
import { untilClosed } from './closed';
import { STEPS, type Subject } from './subject';

export interface BareOptions {
  group: ProcessGroup;
  temporal: string;
  client: Client;
  migratorUrl: string;
  kind: 'regular' | 'local';
}

/** The same runs by Temporal alone: an activity and a signal a step, nothing shown, nothing checked. The first ones wait for its worker. */
export async function startBare({
  group,
  temporal,
  client,
  migratorUrl,
  kind,
}: BareOptions): Promise<Subject> {
  const taskQueue = `bare-${kind}-${randomUUID().slice(0, 8)}`;
  const worker = await startService(group, {
    name: `bare ${kind}`,
    command: process.execPath,
    args: ['--import', 'tsx', resolve('tools/bench/src/bare/worker.ts'), temporal, taskQueue, migratorUrl],
    output: 'quiet',
  });
  let next = 0;
  return {
    name: `bare ${kind}`,
    pids: { worker: worker.pid },
    async start() {
      const workflowId = `${taskQueue}-${next}`;
      next += 1;
      await client.workflow.start('bareRun', { taskQueue, workflowId, args: [workflowId, STEPS, kind] });
      return workflowId;
    },
    report: ({ runId, stepIndex }) => client.workflow.getHandle(runId).signal('done', stepIndex),
    closed: (runIds) => untilClosed(client, runIds),
    stop: async () => {
      await worker.stop();
    },
  };
}
