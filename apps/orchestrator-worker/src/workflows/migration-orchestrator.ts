import {
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
  type ReleaseMessage,
  type RetryStepMessage,
  type RunEnd,
  type RunManifest,
  type RunProgress,
  type UpdateInputsMessage,
} from '@loom/domain';
import type { RunSettings } from '../activities';
import { cleanUp } from './clean-up';
import { Dispatcher } from './dispatcher';
import { deadlineOf, LiveRun } from './live-run';
import { dispatchInput, projectionOf, runAddress } from './run-messages';
import { carriedOver, initialState, type RunState } from './run-state';
import { beginRun, completeRun, projectRun } from './store-writes';

const stepEvent = defineSignal<[AddressedStepEvent]>(SIGNALS.stepEvent);
const retryStep = defineSignal<[RetryStepMessage]>(SIGNALS.retryStep);
const updateInputs = defineSignal<[UpdateInputsMessage]>(SIGNALS.updateInputs);
const release = defineSignal<[ReleaseMessage]>(SIGNALS.release);
const progress = defineQuery<RunProgress>(PROGRESS_QUERY);

/** What continue-as-new hands to the next execution of the same run attempt. */
export interface Carried {
  state: RunState;
  settings: RunSettings;
}

/** One execution of one run attempt, begun. */
interface Driven {
  manifest: RunManifest;
  run: LiveRun;
  dispatcher: Dispatcher;
  settings: RunSettings;
}

/**
 * Drives one run attempt of one candidate through its steps: dispatch, wait for the callback, go on. It knows the
 * steps' order and names, and nothing of what they do. A failed step waits here for a retry or a cancel, however
 * long that takes. Every change is written to the store before anything is dispatched upon it.
 */
export async function MigrationOrchestrator(manifest: RunManifest, carried?: Carried): Promise<void> {
  const state = carried === undefined ? initialState(manifest, now()) : carriedOver(carried.state);
  const run = new LiveRun(state, carried !== undefined);
  setHandler(stepEvent, (event) => run.tell({ kind: 'stepEvent', event }));
  setHandler(retryStep, (retry) => run.tell({ kind: 'retryStep', retry }));
  setHandler(updateInputs, (update) => run.tell({ kind: 'updateInputs', update }));
  setHandler(release, (message) => run.released(message));
  let end: RunEnd | undefined;
  const ending = () => (end === undefined ? {} : { end });
  setHandler(progress, () => ({ ...run.state, steps: [...run.state.steps], ...ending() }));

  const begun = carried ?? (await begin(manifest, run));
  if ('end' in begun) {
    end = begun.end;
    return;
  }
  const { settings } = begun;

  const dispatcher = new Dispatcher(settings.dispatchBudgetMs, (...ended) => run.dispatchEnded(...ended));
  let over: RunEnd;
  try {
    over = await drive({ manifest, run, dispatcher, settings });
  } catch (error) {
    if (!isCancellation(error)) throw error;
    over = 'cancelled';
  }
  if (over === 'cancelled') await cleanUp(manifest, run.state, dispatcher);
  end = over;
}

/** `end`: the run is over before it began. */
async function begin(
  manifest: RunManifest,
  { state }: LiveRun,
): Promise<{ settings: RunSettings } | { end: RunEnd }> {
  const executionId = workflowInfo().firstExecutionRunId;
  const begun = await beginRun({ ...runAddress(manifest), executionId, at: now() });
  if (begun.outcome === 'cancelled') await cleanUp(manifest, { ...state, steps: plannedSteps(manifest) });
  if (begun.outcome === 'proceed') return begun;
  return { end: begun.outcome === 'cancelled' ? 'cancelled' : 'closed' };
}

/** `cancelled`: what the run has opened is still to be closed. Otherwise nothing is left to do. */
async function drive(driven: Driven): Promise<RunEnd> {
  const { manifest, run, dispatcher } = driven;
  for (;;) {
    if (run.read(now())) dispatcher.giveUp();
    const task = run.take();
    switch (task) {
      case 'over':
        return 'closed';
      case 'cancelled':
        return 'cancelled';
      case 'finish':
        return await finish(driven);
      case 'dispatch':
        dispatcher.start(dispatchInput(manifest, run.state, now()));
        break;
      case 'show':
        if ((await projectRun(projectionOf(manifest, run.state, now()))) === 'closed') return 'closed';
        break;
      case 'wait':
        if (mayContinueAsNew(driven)) await startAnew(driven);
        await news(driven);
    }
  }
}

/** Until the run was told something, or its step ran out of time. */
async function news({ manifest, run }: Driven): Promise<void> {
  const deadline = deadlineOf(manifest, run.state);
  const hasNews = () => run.hasNews;
  if (deadline === undefined) await condition(hasNews);
  else if (!(await condition(hasNews, Math.max(deadline.at - Date.now(), 1)))) run.tell(deadline.message);
}

/** With every message read and no POST under way, since neither is carried over. */
function mayContinueAsNew({ run, dispatcher, settings }: Driven): boolean {
  const { historyLength, continueAsNewSuggested } = workflowInfo();
  const isLong = continueAsNewSuggested || historyLength >= settings.continueAsNewEvents;
  const waits = ['waiting', 'blocked', 'held'].includes(run.state.phase);
  return isLong && waits && !dispatcher.busy && !run.hasNews;
}

/** Ends this execution by throwing. */
async function startAnew({ manifest, run, settings }: Driven): Promise<never> {
  return await continueAsNew<typeof MigrationOrchestrator>(manifest, { state: run.state, settings });
}

async function finish({ manifest, run, dispatcher }: Driven): Promise<RunEnd> {
  const view = projectionOf(manifest, run.state, now());
  await dispatcher.drained();
  // A cancel that was recorded first wins, whether or not Temporal's request came.
  const outcome = await completeRun(view);
  if (outcome === 'cancelled') return 'cancelled';
  return outcome === 'applied' ? 'completed' : 'closed';
}

function now(): string {
  return new Date().toISOString();
}
