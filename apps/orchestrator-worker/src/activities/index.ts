import { createDispatchActivities, type DispatchDeps } from './dispatch';
import { createLookActivities, type LookDeps } from './look-for-drift';
import { createCancelNoticeActivities, type CancelNoticeDeps } from './notify-cancelled';
import { createStaleActivities, type StaleDeps } from './mark-stale';
import { createReconcileActivities, type ReconcileDeps } from './reconcile';
import { createRecoverActivities, type RecoverDeps } from './recover-store';
import { createRepairActivities, type RepairDeps } from './repair-drift';
import { createRunActivities, type RunDeps } from './run';

export type { DispatchInput, DispatchResult } from './dispatch';
export type { CancelledRun } from './notify-cancelled';
export type { Walks } from './look-for-drift';
export type { Scan } from './recover-store';
export type { RunSettings } from './run';

/** All activities of the worker over the ports they use. */
export function createActivities(
  deps: DispatchDeps &
    CancelNoticeDeps &
    ReconcileDeps &
    RunDeps &
    LookDeps &
    RepairDeps &
    RecoverDeps &
    StaleDeps,
) {
  return {
    ...createRunActivities(deps),
    ...createDispatchActivities(deps),
    ...createCancelNoticeActivities(deps),
    ...createReconcileActivities(deps),
    ...createStaleActivities(deps),
    ...createLookActivities(deps),
    ...createRepairActivities(deps),
    ...createRecoverActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
