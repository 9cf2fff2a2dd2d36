import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection, type Worker } from '@temporalio/worker';
import type { Logger } from '@loom/ports';

export interface KeepRunningDeps {
  address: string;
  /** Makes a worker on a connection that stands. */
  create: (connection: NativeConnection) => Promise<Worker>;
  /** Called each time that Temporal has been reached. */
  onConnected: () => Promise<void>;
  logger: Logger;
  /** Aborts when the process is to end. */
  stopping: AbortSignal;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;

/**
 * Runs the worker until `stopping`: it waits for a Temporal that is away, and begins anew after a failure that the
 * SDK does not mend by itself. Resolves when the last worker has drained.
 */
export async function keepRunning(deps: KeepRunningDeps): Promise<void> {
  const { logger, stopping } = deps;
  for (let wait = FIRST_PAUSE_MS; !stopping.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      await runOnce(deps, () => (wait = FIRST_PAUSE_MS));
    } catch (error) {
      logger.error('the worker does not run; trying again', { inMs: wait, error });
      await pause(wait, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}

async function runOnce(
  { address, create, onConnected, logger, stopping }: KeepRunningDeps,
  onRunning: () => void,
): Promise<void> {
  const connection = await NativeConnection.connect({ address });
  try {
    await onConnected();
    const worker = await create(connection);
    const stop = () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    stopping.addEventListener('abort', stop, { once: true });
    logger.info('the worker runs');
    onRunning();
    const running = worker.run();
    if (stopping.aborted) stop();
    await running;
    stopping.removeEventListener('abort', stop);
  } finally {
    await connection.close();
  }
}
