import { activityInfo, cancellationSignal, heartbeat } from '@temporalio/activity';
import { DependencyUnavailableError, type Candidate, type StepDefinition } from '@loom/domain';
import type {
  CallbackSigner,
  Clock,
  DispatchOutcome,
  DispatchRequest,
  Metrics,
  MigratorNotifier,
  RunLedger,
  RunProjection,
  Stores,
} from '@loom/ports';
import { resolveTarget, type Target } from './migrator-url';
import { noteReach } from './note-reach';
import { retryable } from './retryable';
import type { SlowEndpoints } from './slow-endpoints';
import { requireAllAnnounced, storeKnows } from './store-knows';
import { withinMs } from './within-ms';

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
 * What the store says of a view that is to be dispatched upon. `stale`: it has a newer one. `closed`: the run attempt is
 * over. `cancelled`: a cancel is on record, of which Temporal has not told the workflow yet. `paused`: the run is held
 * until it is told. Only `applied` may be sent.
 */
type Shown = Awaited<ReturnType<RunLedger['project']>>;

/** Where it is not an answer of the migrator, nothing was sent. `away`: the store did not answer. */
export type DispatchResult = DispatchOutcome | { outcome: Exclude<Shown, 'applied'> } | { outcome: 'away' };

export interface DispatchDeps extends Pick<Stores, 'ledger' | 'migrations' | 'reach' | 'recovery'> {
  notifier: MigratorNotifier;
  signer: CallbackSigner;
  slow: SlowEndpoints;
  metrics: Metrics;
  clock: Clock;
  /** Base of callback URLs, when the deployment knows its own. */
  publicUrl?: string;
}

/** One POST inside a local activity; it shares the activity's 1.2 s with the store. */
const LOCAL_POST_MS = 1000;
/** One POST of a regular activity. */
const POST_MS = 10_000;
/** Of a regular activity, the store's part; its own calls give up after about as long. */
const STORE_MS = 2500;
/** Well below the activity's heartbeat timeout of 5 s; a cancel is waited for that long. */
const HEARTBEAT_MS = 500;

/** Sends to migrators. The same step attempt always carries the same idempotency key, however often it is sent. */
export function createDispatchActivities(deps: DispatchDeps) {
  return {
    /**
     * The store's part of a dispatch alone, for Temporal to repeat until the store is back: that time is not the
     * migrator's.
     */
    async showDispatch(input: Pick<DispatchInput, 'projection' | 'step'>): Promise<Shown> {
      return (await withinMs(show(deps, input), STORE_MS)).shown;
    },

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
  };
}

async function showAndSend(
  deps: DispatchDeps,
  input: DispatchInput,
  isLocal: boolean,
): Promise<DispatchResult> {
  // What is wrong with the store is told by `showDispatch`, which is repeated until it is well.
  const ready = await withinMs(show(deps, input), STORE_MS).catch((error: unknown) => {
    // Anything else is not healed by waiting: it ends with the budget, and a person sees it.
    if (!(error instanceof DependencyUnavailableError)) throw error;
    return undefined;
  });
  if (ready === undefined) return { outcome: 'away' };
  const { shown, target } = ready;
  if (shown !== 'applied') return { outcome: shown };
  const { migratorApp: app } = input.step;
  const { url: migratorUrl, unreachable: known } = target;
  if (migratorUrl === undefined)
    return { outcome: 'refused', reason: `no migrator has announced itself as ${app}` };
  if (isLocal && deps.slow.has(migratorUrl))
    return { outcome: 'retry', reason: 'the migrator was slow before' };
  const signal = cancellationSignal();
  // The store may have been slow: what was cancelled meanwhile is not sent.
  if (signal.aborted) return { outcome: 'retry', reason: 'the dispatch was given up' };
  const started = Date.now();
  try {
    const timeoutMs = isLocal ? LOCAL_POST_MS : POST_MS;
    const request = dispatchRequest(deps, input, migratorUrl);
    return noteReach(deps, { app, known }, await deps.notifier.dispatch(request, { timeoutMs, signal }));
  } finally {
    deps.slow.saw(migratorUrl, Date.now() - started);
  }
}

/** Shown before it is sent: a callback from inside the POST must meet its step on record. */
async function show(
  deps: DispatchDeps,
  { projection, step }: Pick<DispatchInput, 'projection' | 'step'>,
): Promise<{ shown: Shown; target: Target }> {
  const project = (view: RunProjection) =>
    deps.ledger.project(view).then((outcome) => storeKnows(deps.recovery, projection, outcome));
  const resolve = () => resolveTarget(deps, projection.migrationId, step.migratorApp);
  const view = { ...projection, dispatches: true };
  for (;;) {
    const [shown, target] = await Promise.all([project(view), resolve()]);
    // The store may have been lost after the view was written, and with it who announced what.
    if (target.url === undefined) await requireAllAnnounced(deps.recovery, projection);
    if (shown !== 'applied' || !target.isPaused) return { shown, target };
    const held = await project({ ...view, holds: true });
    if (held !== 'paused') return { shown: held, target };
    // Whoever ends the pause lists the held runs after that: one that was not listed yet must see it here.
    if ((await resolve()).isPaused) return { shown: held, target };
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
