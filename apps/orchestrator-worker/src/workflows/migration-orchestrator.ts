import {
  CancellationScope,
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  isCancellation,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import {
  plannedSteps,
  PROGRESS_QUERY,
  SIGNALS,
  type AddressedStepEvent,
  type RetryStepMessage,
  type RunManifest,
  type RunProgress,
  type UpdateInputsMessage,
} from '@loom/domain';
import type { RunSettings } from '../activities';
import { durable, local } from './activity-proxies';
import { cleanUp } from './clean-up';
import { Dispatcher } from './dispatcher';
import { localFirst } from './local-first';
import { dispatchInput, projectionOf, runAddress } from './run-messages';
import { initialState, type RunState } from './run-state';
import { transition, type Message } from './run-machine';

const stepEvent = defineSignal<[AddressedStepEvent]>(SIGNALS.stepEvent);
const retryStep = defineSignal<[RetryStepMessage]>(SIGNALS.retryStep);
const updateInputs = defineSignal<[UpdateInputsMessage]>(SIGNALS.updateInputs);
const progress = defineQuery<RunProgress>(PROGRESS_QUERY);

/** What continue-as-new hands to the next execution of the same run attempt. */
export interface Carried {
  state: RunState;
  settings: RunSettings;
}

/**
 * Drives one run attempt of one candidate through its steps: dispatch, wait for the callback, go on. It knows the
 * steps' order and names, and nothing of what they do. A failed step waits here for a retry or a cancel, however
 * long that takes. Every change is written to the store before anything is dispatched upon it.
 */
export async function MigrationOrchestrator(manifest: RunManifest, carried?: Carried): Promise<void> {
  const run = runAddress(manifest);
  const inbox: Message[] = [];
  let state = carried?.state ?? initialState(manifest, now());
  setHandler(stepEvent, (event) => void inbox.push({ kind: 'stepEvent', event }));
  setHandler(retryStep, (retry) => void inbox.push({ kind: 'retryStep', retry }));
  setHandler(updateInputs, (update) => void inbox.push({ kind: 'updateInputs', update }));
  setHandler(progress, () => ({ ...state, steps: [...state.steps] }));

  const settings = carried?.settings ?? (await begin());
  if (settings === undefined) return;

  let overElsewhere = false;
  let cancelOnRecord = false;
  const dispatcher = new Dispatcher(settings.dispatchBudgetMs, ({ stepIndex, attempt }, result) => {
    const of = { stepIndex, attempt };
    if (result.outcome === 'closed') overElsewhere = true;
    else if (result.outcome === 'cancelled') cancelOnRecord = true;
    else if (result.outcome === 'accepted') inbox.push({ kind: 'dispatchAccepted', of });
    else if ('reason' in result) inbox.push({ kind: 'dispatchFailed', of, reason: result.reason });
  });

  try {
    await drive();
  } catch (error) {
    if (!isCancellation(error)) throw error;
    await CancellationScope.nonCancellable(() => cleanUp(manifest, state, dispatcher));
  }

  /** The first act: conditional on this attempt's reservation. Undefined: the run is over before it began. */
  async function begin(): Promise<RunSettings | undefined> {
    const first = { ...run, executionId: workflowInfo().firstExecutionRunId, at: now() };
    const begun = await CancellationScope.nonCancellable(() =>
      localFirst(
        () => local.beginRun(first),
        () => durable.beginRun(first),
      ),
    );
    if (begun.outcome === 'cancelled') {
      await CancellationScope.nonCancellable(() =>
        cleanUp(manifest, { ...state, steps: plannedSteps(manifest) }),
      );
    }
    return begun.outcome === 'proceed' ? begun.settings : undefined;
  }

  async function drive(): Promise<void> {
    let shown = carried?.state.seq ?? 0;
    let dispatched = carried === undefined ? '' : attemptKey(state);
    for (;;) {
      readInbox();
      if (overElsewhere) return;
      if (cancelOnRecord) {
        await CancellationScope.nonCancellable(() => cleanUp(manifest, state, dispatcher));
        return;
      }
      if (state.phase === 'finished') {
        await finish();
        return;
      }
      if (state.phase === 'dispatching' && dispatched !== attemptKey(state)) {
        shown = state.seq;
        dispatched = attemptKey(state);
        dispatcher.start(dispatchInput(manifest, state, now()));
      } else if (state.seq > shown) {
        shown = state.seq;
        if ((await project()) === 'closed') return;
      } else {
        await idle();
      }
    }
  }

  function readInbox(): void {
    for (const message of inbox.splice(0)) {
      const before = state;
      state = transition(state, message, now());
      const moot =
        before.phase === 'dispatching' &&
        (state.phase !== 'dispatching' || attemptKey(before) !== attemptKey(state));
      if (moot && message.kind !== 'dispatchAccepted') dispatcher.giveUp();
    }
  }

  async function idle(): Promise<void> {
    if (mayContinueAsNew())
      await continueAsNew<typeof MigrationOrchestrator>(manifest, {
        state,
        settings: settings as RunSettings,
      });
    const somethingCame = () => inbox.length > 0 || overElsewhere || cancelOnRecord;
    const deadline = deadlineOf(manifest, state);
    if (deadline === undefined) {
      await condition(somethingCame);
    } else if (!(await condition(somethingCame, Math.max(deadline.at - Date.now(), 1)))) {
      inbox.push({
        kind: 'deadlinePassed',
        of: deadline.of,
        reason: `timed out after ${String(deadline.seconds)} s`,
      });
    }
  }

  function mayContinueAsNew(): boolean {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    const isLong = continueAsNewSuggested || historyLength >= (settings as RunSettings).continueAsNewEvents;
    return (
      isLong &&
      !dispatcher.busy &&
      inbox.length === 0 &&
      (state.phase === 'waiting' || state.phase === 'blocked')
    );
  }

  async function project(): Promise<string> {
    const view = projectionOf(manifest, state, now());
    return await CancellationScope.nonCancellable(() =>
      localFirst(
        () => local.projectRun(view),
        () => durable.projectRun(view),
      ),
    );
  }

  async function finish(): Promise<void> {
    const view = projectionOf(manifest, state, now());
    await CancellationScope.nonCancellable(async () => {
      await dispatcher.drained();
      const outcome = await localFirst(
        () => local.completeRun(view),
        () => durable.completeRun(view),
      );
      // The cancel was recorded first, so the run ends as a cancelled one, whether or not Temporal's request came.
      if (outcome === 'cancelled') await cleanUp(manifest, state, dispatcher);
    });
  }
}

function now(): string {
  return new Date().toISOString();
}

function attemptKey(state: RunState): string {
  return `${String(state.currentStep)}/${String(state.steps[state.currentStep]?.attempt ?? 0)}`;
}

/** When the current step attempt runs out of time, if its definition sets a time at all. */
function deadlineOf(manifest: RunManifest, state: RunState) {
  const seconds = manifest.steps[state.currentStep]?.timeoutSeconds;
  const step = state.steps[state.currentStep];
  if (seconds === undefined || step?.startedAt === undefined || state.phase === 'blocked') return undefined;
  const of = { stepIndex: state.currentStep, attempt: step.attempt };
  return { at: Date.parse(step.startedAt) + seconds * 1000, seconds, of };
}
