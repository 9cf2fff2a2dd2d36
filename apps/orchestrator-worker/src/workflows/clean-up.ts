import { CancellationScope } from '@temporalio/workflow';
import type { RunManifest } from '@loom/domain';
import { bestEffort, durable } from './activity-proxies';
import type { Dispatcher } from './dispatcher';
import { runAddress } from './run-messages';
import type { RunState } from './run-state';

/** Author of a cancel that nobody recorded: the execution was cancelled with Temporal's own tools. */
const PAST_THE_API = { by: 'temporal', reason: 'the workflow was cancelled outside Loom' };

/**
 * Ends a cancelled run: waits until nothing is being sent, lets the migrator close what it opened, and only then
 * makes the candidate startable again. A cancel does not interrupt it.
 */
export async function cleanUp(
  manifest: RunManifest,
  state: RunState,
  dispatcher?: Dispatcher,
): Promise<void> {
  await CancellationScope.nonCancellable(() => close(manifest, state, dispatcher));
}

async function close(manifest: RunManifest, state: RunState, dispatcher?: Dispatcher): Promise<void> {
  dispatcher?.giveUp();
  await dispatcher?.drained();
  const run = runAddress(manifest);
  const steps = [...state.steps];
  const reached = steps.filter((step) => step.attempt > 0);
  if (reached.length > 0) {
    // The migrator may be gone for good; that must not keep the candidate from being started again.
    await bestEffort
      .notifyCancelled({ ...run, runId: manifest.runId, steps: reached, definitions: manifest.steps })
      .catch(() => undefined);
  }
  await durable.settleCancel({ ...run, steps, at: new Date().toISOString(), fallback: PAST_THE_API });
}
