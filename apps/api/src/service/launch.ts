import { DependencyUnavailableError, RunConflictError, type RunManifest } from '@loom/domain';
import { StartRefusedError } from '@loom/ports';
import type { ServiceDeps } from './deps';

/** How long a start waits for an older attempt of its run to close. */
export const CLOSING_WAIT_MS = 5000;

type LaunchDeps = Pick<ServiceDeps, 'engine' | 'runs' | 'clock'>;

/**
 * Starts the workflow of a fresh reservation. Only where it certainly did not start is the reservation given back;
 * on any doubt it stays, and the reconciliation starts what is missing.
 * @throws RunConflictError `run_cancelling`, DependencyUnavailableError
 */
export async function launch(deps: LaunchDeps, manifest: RunManifest): Promise<void> {
  try {
    await startWorkflow(deps, manifest);
  } catch (error) {
    if (!certainlyNotStarted(error)) throw error;
    const isBack = await deps.runs.giveBack(manifest, deps.clock.now());
    if (isBack || !(error instanceof RunConflictError)) throw error;
    // Somebody else was promised this run, so it is no conflict: the reconciliation starts it.
    throw new DependencyUnavailableError('engine', error.message, false, { cause: error });
  }
}

/**
 * Starts the workflow, waiting a while for an execution of an older attempt to close. Harmless when it runs already.
 * @throws RunConflictError `run_cancelling` (nothing was started), DependencyUnavailableError
 */
export async function startWorkflow(deps: Pick<ServiceDeps, 'engine'>, manifest: RunManifest): Promise<void> {
  const first = await deps.engine.start(manifest);
  if (first.outcome !== 'older_open') return;
  await awaitOlder(deps, manifest, first.runAttempt);
  const second = await deps.engine.start(manifest);
  if (second.outcome === 'older_open') throw stillCancelling(manifest.runId, second.runAttempt);
}

async function awaitOlder(
  deps: Pick<ServiceDeps, 'engine'>,
  manifest: RunManifest,
  runAttempt: number,
): Promise<void> {
  let closed: boolean;
  try {
    closed = await deps.engine.awaitClosed(manifest.runId, runAttempt, CLOSING_WAIT_MS);
  } catch (error) {
    if (!(error instanceof DependencyUnavailableError)) throw error;
    // Whatever became of the question, the start before it was refused.
    throw new DependencyUnavailableError('engine', error.message, true, { cause: error });
  }
  if (!closed) throw stillCancelling(manifest.runId, runAttempt);
}

function stillCancelling(runId: string, attempt: number): RunConflictError {
  return new RunConflictError('run_cancelling', { runId, attempt });
}

function certainlyNotStarted(error: unknown): boolean {
  return error instanceof DependencyUnavailableError
    ? error.dependency === 'engine' && error.certain
    : error instanceof RunConflictError || error instanceof StartRefusedError;
}
