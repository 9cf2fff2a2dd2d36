import { createDispatchActivities, type DispatchDeps } from './dispatch';
import { createCancelNoticeActivities, type CancelNoticeDeps } from './notify-cancelled';
import { createReconcileActivities, type ReconcileDeps } from './reconcile';
import { createRunActivities, type RunDeps } from './run';

export type { DispatchInput, DispatchResult } from './dispatch';
export type { CancelledRun } from './notify-cancelled';
export type { ReconcileReport } from './reconcile';
export type { RunSettings } from './run';

/** All activities of the worker over the ports they use. */
export function createActivities(deps: DispatchDeps & CancelNoticeDeps & ReconcileDeps & RunDeps) {
  return {
    ...createRunActivities(deps),
    ...createDispatchActivities(deps),
    ...createCancelNoticeActivities(deps),
    ...createReconcileActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
