import {
  DependencyUnavailableError,
  RunConflictError,
  type AuditContext,
  type RunManifest,
} from '@loom/domain';
import { StartRefusedError } from '@loom/ports';
import type { ServiceDeps } from './deps';

/** How long a start waits for an older attempt of its run to close. */
export const CLOSING_WAIT_MS = 5000;

/** What the audit tells of a reservation that is taken back. */
const NOT_STARTED = 'the workflow was not started';

type LaunchDeps = Pick<ServiceDeps, 'engine' | 'runs' | 'clock'>;

/**
 * Starts the workflow of a fresh reservation. Only where it certainly did not start is the reservation given back;
 * on any doubt it stays, and the reconciliation starts what is missing.
 * @throws RunConflictError `run_cancelling`, `candidate_already_running`, DependencyUnavailableError
 */
export async function launch(deps: LaunchDeps, manifest: RunManifest, by: AuditContext): Promise<void> {
  try {
    await startWorkflow(deps, manifest);
  } catch (error) {
    if (!certainlyNotStarted(error)) throw error;
    const isBack = await deps.runs.giveBack(manifest, deps.clock.now(), { ...by, reason: NOT_STARTED });
    if (isBack || !(error instanceof RunConflictError)) throw error;
    // Somebody else was promised this run, so it is no conflict: the reconciliation starts it.
    throw new DependencyUnavailableError('engine', error.message, false, { cause: error });
  }
}

/**
 * Starts the workflow, waiting a while for an execution of an older attempt to close. Harmless when it runs already.
 * @throws RunConflictError `run_cancelling`, `candidate_already_running` (nothing was started),
 *   DependencyUnavailableError
 */
export async function startWorkflow(deps: Pick<ServiceDeps, 'engine'>, manifest: RunManifest): Promise<void> {
  let result = await deps.engine.start(manifest);
  if (result.outcome === 'older_open') {
    await awaitOlder(deps, manifest, result.runAttempt);
    result = await deps.engine.start(manifest);
  }
  if (result.outcome === 'older_open') throw stillOpen(manifest.runId, result.runAttempt);
  if (result.outcome === 'other_open') throw unknownOpen(manifest.runId, result.runAttempt);
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
  if (!closed) throw stillOpen(manifest.runId, runAttempt);
}

function stillOpen(runId: string, attempt: number): RunConflictError {
  const detail =
    'an earlier attempt of this run has not ended in Temporal; try again in a few seconds, and where it stays so, ' +
    endIt(runId);
  return new RunConflictError('run_cancelling', { runId, attempt }, detail);
}

/** The store has lost data, or was restored from before that attempt began. */
function unknownOpen(runId: string, attempt: number): RunConflictError {
  const detail =
    `Temporal still runs attempt ${attempt} of this run, which the store does not know; nothing was started. ` +
    `Wait for its end, or ${endIt(runId)}, then start again`;
  return new RunConflictError('candidate_already_running', { runId, attempt }, detail);
}

function endIt(runId: string): string {
  return `end it with Temporal's tools (workflow id ${runId})`;
}

function certainlyNotStarted(error: unknown): boolean {
  return error instanceof DependencyUnavailableError
    ? error.dependency === 'engine' && error.certain
    : error instanceof RunConflictError || error instanceof StartRefusedError;
}
