import { CancellationScope, sleep } from '@temporalio/workflow';
import type { RunManifest } from '@loom/domain';
import type { CancelledRun } from '../activities';
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
  if (notice !== undefined) await tell(notice);
  await durable.settleCancel(settlementOf(manifest, state, new Date().toISOString()));
}

/** Between two tries to tell a migrator where the store was away. */
const BETWEEN = '1s';

/** The migrator may be gone for good, which must not keep the candidate from being started again. The store may not. */
async function tell(notice: CancelledRun): Promise<void> {
  for (;;) {
    const told = await bestEffort.notifyCancelled(notice).catch(() => undefined);
    // A history of before this could be said has no answer here.
    if (told?.isStoreAway !== true) return;
    await durable.awaitMigrators(notice);
    // A store that is slow rather than away answers the one and not the other.
    await sleep(BETWEEN);
  }
}
