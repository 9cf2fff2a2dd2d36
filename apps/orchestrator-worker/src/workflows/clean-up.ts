import { CancellationScope } from '@temporalio/workflow';
import type { RunManifest } from '@loom/domain';
import { bestEffort, durable } from './activity-proxies';
import type { Dispatcher } from './dispatcher';
import { cancelNotice, settlementOf } from './run-messages';
import type { RunState } from './run-state';

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
  const notice = cancelNotice(manifest, state);
  // The migrator may be gone for good; that must not keep the candidate from being started again.
  if (notice !== undefined) await bestEffort.notifyCancelled(notice).catch(() => undefined);
  await durable.settleCancel(settlementOf(manifest, state, new Date().toISOString()));
}
