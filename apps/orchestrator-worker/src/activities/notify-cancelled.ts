import { cancellationSignal } from '@temporalio/activity';
import type { StepDefinition, StepState } from '@loom/domain';
import type { DispatchOutcome, Logger, MigratorNotifier, RunAddress, Stores } from '@loom/ports';
import { resolveUrl } from './migrator-url';
import { retryable } from './retryable';

/** A cancelled run attempt whose migrators are to be told. */
export interface CancelledRun extends RunAddress {
  runId: string;
  /** Those that were dispatched. */
  steps: StepState[];
  definitions: Pick<StepDefinition, 'name' | 'migratorApp'>[];
}

export interface CancelNoticeDeps extends Pick<Stores, 'migrations'> {
  notifier: MigratorNotifier;
  logger: Logger;
}

/** Of one try; several must fit into what the workflow waits before it settles. */
const POST_MS = 2000;

/** Tells migrators that a run was cancelled. */
export function createCancelNoticeActivities(deps: CancelNoticeDeps) {
  return {
    async notifyCancelled(run: CancelledRun): Promise<void> {
      const apps = new Map<string, StepState[]>();
      for (const step of run.steps) {
        const app = run.definitions.find(({ name }) => name === step.stepName)?.migratorApp;
        if (app !== undefined) apps.set(app, [...(apps.get(app) ?? []), step]);
      }
      const told = await Promise.all([...apps].map(([app, steps]) => tellCancelled(deps, run, app, steps)));
      const failed = told.find((outcome) => outcome.outcome === 'retry');
      if (failed !== undefined) throw retryable(failed);
    },
  };
}

async function tellCancelled(
  deps: CancelNoticeDeps,
  run: CancelledRun,
  app: string,
  steps: StepState[],
): Promise<DispatchOutcome> {
  const migratorUrl = await resolveUrl(deps.migrations, run.migrationId, app);
  if (migratorUrl === undefined) return { outcome: 'refused', reason: 'unknown migrator' };
  const { runId, runAttempt, candidateId } = run;
  const options = { timeoutMs: POST_MS, signal: cancellationSignal() };
  const outcome = await deps.notifier.cancelStep(
    { runId, runAttempt, candidateId, migratorUrl, steps },
    options,
  );
  if (outcome.outcome === 'refused')
    deps.logger.warn('a migrator refused to hear of a cancel', { runId, reason: outcome.reason });
  return outcome;
}
