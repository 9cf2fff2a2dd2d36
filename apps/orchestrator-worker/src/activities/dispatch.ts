import { activityInfo, cancellationSignal, heartbeat, ApplicationFailure } from '@temporalio/activity';
import type { Candidate, StepDefinition, StepState } from '@loom/domain';
import type {
  CallbackSigner,
  DispatchOutcome,
  DispatchRequest,
  Logger,
  Metrics,
  MigrationStore,
  MigratorNotifier,
  RunAddress,
  Stores,
  RunProjection,
} from '@loom/ports';
import type { SlowEndpoints } from './slow-endpoints';

/** One step attempt to be dispatched, and the view of the run to be shown first. */
export interface DispatchInput {
  runId: string;
  nonce: string;
  candidate: Candidate;
  step: Pick<StepDefinition, 'name' | 'migratorApp' | 'type' | 'config'>;
  stepIndex: number;
  attempt: number;
  projection: RunProjection;
}

/**
 * Nothing was sent: `closed`, the run attempt is over in the store; `cancelled`, a cancel is on record there, of which
 * Temporal has not told the workflow yet.
 */
export type DispatchResult = DispatchOutcome | { outcome: 'closed' | 'cancelled' };

/** A cancelled run attempt whose migrators are to be told. */
export interface CancelledRun extends RunAddress {
  runId: string;
  /** Those that were dispatched. */
  steps: StepState[];
  definitions: Pick<StepDefinition, 'name' | 'migratorApp'>[];
}

export interface DispatchDeps extends Pick<Stores, 'ledger' | 'migrations'> {
  notifier: MigratorNotifier;
  signer: CallbackSigner;
  slow: SlowEndpoints;
  logger: Logger;
  metrics: Metrics;
  /** Base of callback URLs, when the deployment knows its own. */
  publicUrl?: string;
}

/** One POST inside a local activity; it shares the activity's 1.2 s with the store. */
const LOCAL_POST_MS = 1000;
/** One POST of a regular activity. */
const POST_MS = 10_000;
/** Well below the activity's heartbeat timeout of 5 s. */
const HEARTBEAT_MS = 1000;

/** Sends to migrators. The same step attempt always carries the same idempotency key, however often it is sent. */
export function createDispatchActivities(deps: DispatchDeps) {
  return {
    async dispatchStep(input: DispatchInput): Promise<DispatchResult> {
      const { isLocal } = activityInfo();
      // From the first moment on: a cancel reaches this activity with its heartbeats only.
      const beat = isLocal
        ? undefined
        : setInterval(() => {
            heartbeat();
          }, HEARTBEAT_MS);
      try {
        const result = await showAndSend(deps, input, isLocal);
        deps.metrics.count('loom_dispatches_total', { outcome: result.outcome });
        // A local attempt answers and lets the workflow decide; a regular one is repeated by Temporal.
        if (result.outcome === 'retry' && !isLocal) throw retryable(result);
        return result;
      } finally {
        clearInterval(beat);
      }
    },

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

async function showAndSend(
  deps: DispatchDeps,
  input: DispatchInput,
  isLocal: boolean,
): Promise<DispatchResult> {
  const { migrationId } = input.projection;
  // Shown before it is sent: a callback from inside the POST must meet its step on record.
  const [written, migratorUrl] = await Promise.all([
    deps.ledger.project({ ...input.projection, dispatches: true }),
    resolveUrl(deps.migrations, migrationId, input.step.migratorApp),
  ]);
  if (written === 'closed' || written === 'cancelled') return { outcome: written };
  if (migratorUrl === undefined) {
    return { outcome: 'refused', reason: `no migrator has announced itself as ${input.step.migratorApp}` };
  }
  if (isLocal && deps.slow.has(migratorUrl))
    return { outcome: 'retry', reason: 'the migrator was slow before' };
  const signal = cancellationSignal();
  // The store may have been slow: what was cancelled meanwhile is not sent.
  if (signal.aborted) return { outcome: 'retry', reason: 'the dispatch was given up' };
  const started = Date.now();
  try {
    const timeoutMs = isLocal ? LOCAL_POST_MS : POST_MS;
    return await deps.notifier.dispatch(dispatchRequest(deps, input, migratorUrl), { timeoutMs, signal });
  } finally {
    deps.slow.saw(migratorUrl, Date.now() - started);
  }
}

function dispatchRequest(deps: DispatchDeps, input: DispatchInput, migratorUrl: string): DispatchRequest {
  const { step, stepIndex, attempt, runId, projection } = input;
  const { migrationId, runAttempt } = projection;
  const callbackId = deps.signer.sign({ runId, runAttempt, stepIndex, attempt }, input.nonce);
  const base = deps.publicUrl?.replace(/\/+$/, '');
  return {
    runId,
    migrationId,
    runAttempt,
    stepIndex,
    attempt,
    stepName: step.name,
    ...(step.type === undefined ? {} : { type: step.type }),
    ...(step.config === undefined ? {} : { config: step.config }),
    candidate: input.candidate,
    inputs: projection.inputs,
    migratorApp: step.migratorApp,
    migratorUrl,
    callbackId,
    ...(base === undefined ? {} : { callbackUrl: `${base}/event/${encodeURIComponent(callbackId)}` }),
  };
}

/** The migration's own migrator by its newest announce; another app by whichever migration announced it last. */
async function resolveUrl(
  migrations: MigrationStore,
  migrationId: string,
  app: string,
): Promise<string | undefined> {
  const migration = await migrations.get(migrationId);
  return migration?.migratorApp === app ? migration.migratorUrl : await migrations.migratorUrl(app);
}

async function tellCancelled(
  deps: DispatchDeps,
  run: CancelledRun,
  app: string,
  steps: StepState[],
): Promise<DispatchOutcome> {
  const migratorUrl = await resolveUrl(deps.migrations, run.migrationId, app);
  if (migratorUrl === undefined) return { outcome: 'refused', reason: 'unknown migrator' };
  const { runId, runAttempt, candidateId } = run;
  const options = { timeoutMs: 5000, signal: cancellationSignal() };
  const outcome = await deps.notifier.cancelStep(
    { runId, runAttempt, candidateId, migratorUrl, steps },
    options,
  );
  if (outcome.outcome === 'refused')
    deps.logger.warn('a migrator refused to hear of a cancel', { runId, reason: outcome.reason });
  return outcome;
}

function retryable(outcome: { reason: string; afterMs?: number }): ApplicationFailure {
  return ApplicationFailure.create({
    message: outcome.reason,
    type: 'MigratorNotReady',
    ...(outcome.afterMs === undefined ? {} : { nextRetryDelay: outcome.afterMs }),
  });
}
