import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

export interface TestWorker {
  stop(): Promise<void>;
}

const here = (path: string): string => join(__dirname, path);

/** A worker that runs `workflows.ts` on a task queue of its own. */
export async function startTestWorker(hostPort: string, taskQueue: string): Promise<TestWorker> {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });
  const workflowBundle = await bundleWorkflowCode({
    workflowsPath: here('workflows.ts'),
    logger: new DefaultLogger('ERROR'),
    webpackConfigHook: (config) => ({
      ...config,
      resolve: {
        ...config.resolve,
        alias: Object.assign({}, config.resolve?.alias, {
          '@loom/domain$': here('../../../domain/src/index.ts'),
        }),
      },
    }),
  });
  const connection = await NativeConnection.connect({ address: hostPort });
  const worker = await Worker.create({ connection, taskQueue, workflowBundle });
  const running = worker.run();
  return {
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
