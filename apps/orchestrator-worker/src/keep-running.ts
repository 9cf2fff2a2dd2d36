import { setTimeout as pause } from 'node:timers/promises';
import { NativeConnection, type Worker } from '@temporalio/worker';
import type { Logger } from '@loom/ports';

export interface KeepRunningDeps {
  address: string;
  /** Makes a worker on a connection that stands. */
  create: (connection: NativeConnection) => Promise<Worker>;
  /** Called each time that Temporal has been reached. */
  onConnected: () => Promise<void>;
  /** Asks Temporal for a sign of life; an outage that this meets is told by whoever it asks through. */
  look: () => Promise<void>;
  logger: Logger;
  /** Aborts when the process is to end. */
  stopping: AbortSignal;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 5000;
/** While it runs, the worker itself says nothing of a Temporal that is away, nor that it is back. */
const LOOK_MS = 5000;

/**
 * Runs the worker until `stopping`: it waits for a Temporal that is away, and begins anew after a failure that the
 * SDK does not mend by itself. Resolves when the last worker has drained.
 */
export async function keepRunning(deps: KeepRunningDeps): Promise<void> {
  const { stopping } = deps;
  const outage = tellOutages(deps);
  for (let wait = FIRST_PAUSE_MS; !stopping.aborted; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      await runOnce(deps, () => {
        wait = FIRST_PAUSE_MS;
        outage.over();
      });
    } catch (error) {
      outage.failed(error);
      await pause(wait, undefined, { signal: stopping }).catch(() => undefined);
    }
  }
}

/** One line for each reason why the worker does not run, however often it is tried, and one when it runs. */
function tellOutages({ address, logger }: KeepRunningDeps) {
  const remedy = 'start Temporal there, or correct TEMPORAL_HOSTPORT and TEMPORAL_NAMESPACE';
  let since: number | undefined;
  let told: string | undefined;
  return {
    failed: (error: unknown) => {
      since ??= performance.now();
      if (String(error) === told) return;
      told = String(error);
      // Of a server that is away the SDK has four lines of another language to say, and a stack.
      const isAway = error instanceof Error && error.name === 'TransportError';
      const reason = isAway ? 'Temporal cannot be reached' : error;
      logger.error('the worker does not run; it is tried until it does', { address, error: reason, remedy });
    },
    over: () => {
      logger.info(
        'the worker runs',
        since === undefined ? {} : { afterMs: Math.round(performance.now() - since) },
      );
      since = told = undefined;
    },
  };
}

async function runOnce(
  { address, create, onConnected, look, stopping }: KeepRunningDeps,
  onRunning: () => void,
): Promise<void> {
  const connection = await NativeConnection.connect({ address });
  const looks = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  let stop = (): void => undefined;
  try {
    await onConnected();
    const worker = await create(connection);
    stop = () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
    };
    stopping.addEventListener('abort', stop, { once: true });
    onRunning();
    const running = worker.run();
    if (stopping.aborted) stop();
    await running;
  } finally {
    stopping.removeEventListener('abort', stop);
    clearInterval(looks);
    await connection.close();
  }
}
