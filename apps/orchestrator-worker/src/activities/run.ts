import type { CancelSettlement, RunAddress, RunLedger, RunProjection, WriteOutcome } from '@loom/ports';

/** What a run keeps from its beginning to its end, so that a changed configuration never changes its replay. */
export interface RunSettings {
  /** How long a dispatch is repeated before the step fails, in ms. */
  dispatchBudgetMs: number;
  /** History events after which the run continues as new. */
  continueAsNewEvents: number;
}

export type Begun = { outcome: 'proceed'; settings: RunSettings } | { outcome: 'cancelled' | 'not_reserved' };

export interface RunDeps {
  ledger: RunLedger;
  settings: RunSettings;
}

/** Writes of run state. Each is one idempotent, conditional script of the store. */
export function createRunActivities({ ledger, settings }: RunDeps) {
  return {
    async beginRun(run: RunAddress & { executionId: string; at: string }): Promise<Begun> {
      const outcome = await ledger.begin(run);
      return outcome === 'proceed' ? { outcome, settings } : { outcome };
    },
    async projectRun(projection: RunProjection): Promise<WriteOutcome> {
      return await ledger.project(projection);
    },
    async completeRun(projection: RunProjection): Promise<WriteOutcome | 'cancelled'> {
      return await ledger.complete(projection);
    },
    async settleCancel(settlement: CancelSettlement): Promise<WriteOutcome> {
      return await ledger.settleCancel(settlement);
    },
  };
}
