import { createDispatchActivities, type DispatchDeps } from './dispatch';
import { createReconcileActivities, type ReconcileDeps } from './reconcile';
import { createRunActivities, type RunDeps } from './run';

export type { CancelledRun, DispatchInput, DispatchResult } from './dispatch';
export type { ReconcileReport } from './reconcile';
export type { RunSettings } from './run';

/** All activities of the worker over the ports they use. */
export function createActivities(deps: DispatchDeps & ReconcileDeps & RunDeps) {
  return {
    ...createRunActivities(deps),
    ...createDispatchActivities(deps),
    ...createReconcileActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
