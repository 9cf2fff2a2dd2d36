import { cancellationSignal, sleep } from '@temporalio/activity';
import type { StepDefinition, StepState } from '@loom/domain';
import type { DispatchOutcome, Logger, MigratorNotifier, RunAddress, Stores } from '@loom/ports';
import { resolveTarget } from './migrator-url';
import { retryable } from './retryable';

/** A cancelled run attempt whose migrators are to be told. */
export interface CancelledRun extends RunAddress {
  runId: string;
  /** Those that were dispatched. */
  steps: StepState[];
  definitions: Pick<StepDefinition, 'name' | 'migratorApp'>[];
}

export interface CancelNoticeDeps extends Pick<Stores, 'migrations' | 'reach'> {
  notifier: MigratorNotifier;
  logger: Logger;
}

/** Of all tries together: the workflow waits for them before it settles, and a start waits for the workflow. */
const TELL_MS = 2000;
const PAUSE_MS = 400;

/** Tells migrators that a run was cancelled. */
export function createCancelNoticeActivities(deps: CancelNoticeDeps) {
  return {
    async notifyCancelled(run: CancelledRun): Promise<void> {
      const end = Date.now() + TELL_MS;
      const untold = stepsByApp(run);
      for (;;) {
        const failed = await tellAll(deps, run, untold, end - Date.now());
        if (failed === undefined) return;
        if (Date.now() + PAUSE_MS >= end) throw retryable(failed);
        await sleep(PAUSE_MS);
      }
    },
  };
}

function stepsByApp({ steps, definitions }: CancelledRun): Map<string, StepState[]> {
  const apps = new Map<string, StepState[]>();
  for (const step of steps) {
    const app = definitions.find(({ name }) => name === step.stepName)?.migratorApp;
    if (app !== undefined) apps.set(app, [...(apps.get(app) ?? []), step]);
  }
  return apps;
}

type Failed = Extract<DispatchOutcome, { outcome: 'retry' }>;

/** Takes out of `untold` whoever was told; answers with one that was not. */
async function tellAll(
  deps: CancelNoticeDeps,
  run: CancelledRun,
  untold: Map<string, StepState[]>,
  timeoutMs: number,
): Promise<Failed | undefined> {
  const told = await Promise.all(
    [...untold].map(async ([app, steps]) => {
      const outcome = await tellCancelled(deps, run, { app, steps, timeoutMs });
      if (outcome.outcome !== 'retry') untold.delete(app);
      return outcome;
    }),
  );
  return told.find((outcome): outcome is Failed => outcome.outcome === 'retry');
}

async function tellCancelled(
  deps: CancelNoticeDeps,
  run: CancelledRun,
  { app, steps, timeoutMs }: { app: string; steps: StepState[]; timeoutMs: number },
): Promise<DispatchOutcome> {
  // A pause holds dispatches, and no cancel.
  const { url: migratorUrl } = await resolveTarget(deps, run.migrationId, app);
  if (migratorUrl === undefined) return { outcome: 'refused', reason: 'unknown migrator' };
  const { runId, runAttempt, candidateId } = run;
  const options = { timeoutMs, signal: cancellationSignal() };
  const outcome = await deps.notifier.cancelStep(
    { runId, runAttempt, candidateId, migratorUrl, steps },
    options,
  );
  if (outcome.outcome === 'refused')
    deps.logger.warn('a migrator refused to hear of a cancel', { runId, reason: outcome.reason });
  return outcome;
}
