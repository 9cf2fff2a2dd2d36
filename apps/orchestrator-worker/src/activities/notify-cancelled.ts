import { cancellationSignal, sleep } from '@temporalio/activity';
import { DependencyUnavailableError, type StepDefinition, type StepState } from '@loom/domain';
import type { DispatchOutcome, Logger, MigratorNotifier, RunAddress, Stores } from '@loom/ports';
import { resolveTarget } from './migrator-url';
import { retryable } from './retryable';
import { requireAllAnnounced } from './store-knows';
import { withinMs } from './within-ms';

/** A cancelled run attempt whose migrators are to be told. */
export interface CancelledRun extends RunAddress {
  runId: string;
  /** Those that were dispatched. */
  steps: StepState[];
  definitions: Pick<StepDefinition, 'name' | 'migratorApp'>[];
}

export interface CancelNoticeDeps extends Pick<Stores, 'migrations' | 'reach' | 'recovery'> {
  notifier: MigratorNotifier;
  logger: Logger;
}

/** Of all tries together: the workflow waits for them before it settles, and a start waits for the workflow. */
const TELL_MS = 2000;
const PAUSE_MS = 400;

/** Of `TELL_MS`, what may pass until the store has said where they are. */
const FIND_MS = 1500;

/** Tells migrators that a run was cancelled. */
export function createCancelNoticeActivities(deps: CancelNoticeDeps) {
  return {
    /** `isStoreAway`: nobody was told, since only the store knows where they are. */
    async notifyCancelled(run: CancelledRun): Promise<{ isStoreAway: true } | undefined> {
      const end = Date.now() + TELL_MS;
      const untold = await withinMs(findMigrators(deps, run), FIND_MS).catch((error: unknown) => {
        if (!(error instanceof DependencyUnavailableError)) throw error;
        return undefined;
      });
      if (untold === undefined) return { isStoreAway: true };
      for (;;) {
        const failed = await tellAll(deps, run, untold, end - Date.now());
        if (failed === undefined) return undefined;
        if (Date.now() + PAUSE_MS >= end) throw retryable(failed);
        await sleep(PAUSE_MS);
      }
    },

    /** For Temporal to repeat until the store says where the migrators of `run` are. */
    async awaitMigrators(run: CancelledRun): Promise<void> {
      await findMigrators(deps, run);
    },
  };
}

/** Who is to be told of which steps. */
type Untold = Map<string, { migratorUrl: string; steps: StepState[] }>;

/**
 * By app; whom nobody has announced, nobody can tell.
 * @throws DependencyUnavailableError where the store is away, or may have lost who announced what
 */
async function findMigrators(deps: CancelNoticeDeps, run: CancelledRun): Promise<Untold> {
  const found: Untold = new Map();
  const find = async ([app, steps]: [string, StepState[]]): Promise<void> => {
    // A pause holds dispatches, and no cancel.
    const { url } = await resolveTarget(deps, run.migrationId, app);
    if (url === undefined) await requireAllAnnounced(deps.recovery, run);
    else found.set(app, { migratorUrl: url, steps });
  };
  await Promise.all([...stepsByApp(run)].map(find));
  return found;
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
  { notifier, logger }: CancelNoticeDeps,
  { runId, runAttempt, candidateId }: CancelledRun,
  untold: Untold,
  timeoutMs: number,
): Promise<Failed | undefined> {
  const options = { timeoutMs, signal: cancellationSignal() };
  const told = await Promise.all(
    [...untold].map(async ([app, whereAndWhat]) => {
      const outcome = await notifier.cancelStep({ runId, runAttempt, candidateId, ...whereAndWhat }, options);
      if (outcome.outcome !== 'retry') untold.delete(app);
      if (outcome.outcome === 'refused')
        logger.warn('a migrator refused to hear of a cancel', { runId, reason: outcome.reason });
      return outcome;
    }),
  );
  return told.find((outcome): outcome is Failed => outcome.outcome === 'retry');
}
