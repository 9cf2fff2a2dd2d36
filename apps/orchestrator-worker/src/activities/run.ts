import type { AuditContext } from '@loom/domain';
import type {
  CancelSettlement,
  Metrics,
  RunAddress,
  RunLedger,
  RunProjection,
  Stores,
  WriteOutcome,
} from '@loom/ports';
import { storeKnows } from './store-knows';

/** What a run keeps from its beginning to its end, so that a changed configuration never changes its replay. */
export interface RunSettings {
  /** How long a dispatch is repeated before the step fails, in ms. */
  dispatchBudgetMs: number;
  /** History events after which the run continues as new. */
  continueAsNewEvents: number;
}

export type Begun = { outcome: 'proceed'; settings: RunSettings } | { outcome: 'cancelled' | 'not_reserved' };

export interface RunDeps extends Pick<Stores, 'ledger' | 'recovery'> {
  metrics: Metrics;
  settings: RunSettings;
}

/** Author of what a run's own workflow ends, in the audit. */
const WORKFLOW: AuditContext = { actor: { id: 'workflow', role: 'system' } };

/** Writes of run state. Each is one idempotent, conditional script of the store. */
export function createRunActivities({ ledger, recovery, metrics, settings }: RunDeps) {
  // After the write: an end that is counted has happened. A repeated write may count it again.
  const counted = <T extends string>(name: string, outcome: T): T => {
    if (outcome === 'applied') metrics.count(name);
    return outcome;
  };
  return {
    async beginRun(run: RunAddress & { executionId: string; at: string }): Promise<Begun> {
      const outcome = await storeKnows(recovery, run, await ledger.begin(run));
      return outcome === 'proceed' ? { outcome, settings } : { outcome };
    },
    async projectRun(projection: RunProjection): Promise<Awaited<ReturnType<RunLedger['project']>>> {
      return await storeKnows(recovery, projection, await ledger.project(projection));
    },
    async completeRun(projection: RunProjection): Promise<WriteOutcome | 'cancelled'> {
      const outcome = await storeKnows(recovery, projection, await ledger.complete(projection));
      return counted('loom_runs_completed_total', outcome);
    },
    async settleCancel(settlement: CancelSettlement): Promise<WriteOutcome> {
      const outcome = await storeKnows(recovery, settlement, await ledger.settleCancel(settlement, WORKFLOW));
      return counted('loom_runs_cancelled_total', outcome);
    },
  };
}
