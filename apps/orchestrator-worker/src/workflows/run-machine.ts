import {
  isRepeat,
  isSuccess,
  jsonBytes,
  LIMITS,
  markOf,
  withFact,
  type AddressedStepEvent,
  type RetryStepMessage,
  type StepFactKind,
  type StepState,
  type UpdateInputsMessage,
} from '@loom/domain';
import { currentStep, dispatchCurrent, type Phase, type RunState } from './run-state';
import { withTexts } from './view-budget';

/** Which dispatch a result belongs to. */
interface StepAttempt {
  stepIndex: number;
  attempt: number;
}

/** All that can happen to a run, short of its cancellation. */
export type Message =
  | { kind: 'stepEvent'; event: AddressedStepEvent }
  | { kind: 'dispatchAccepted'; of: StepAttempt }
  | { kind: 'dispatchFailed'; of: StepAttempt; reason: string }
  | { kind: 'dispatchPaused'; of: StepAttempt }
  | { kind: 'released'; runAttempt: number }
  | { kind: 'deadlinePassed'; of: StepAttempt; reason: string }
  | { kind: 'retryStep'; retry: RetryStepMessage }
  | { kind: 'updateInputs'; update: UpdateInputsMessage };

type Transition<K extends Message['kind']> = (
  state: RunState,
  message: Extract<Message, { kind: K }>,
  at: string,
) => RunState;

const ignore = (state: RunState): RunState => state;

/** State × message. A missing cell does not compile; what a cell ignores, it ignores on purpose. */
const TABLE: { [P in Phase]: { [K in Message['kind']]: Transition<K> } } = {
  dispatching: {
    stepEvent: hear,
    dispatchAccepted: (state, { of }) => (isCurrent(state, of) ? { ...state, phase: 'waiting' } : state),
    dispatchFailed: (state, { of, reason }, at) => (isCurrent(state, of) ? fail(state, reason, at) : state),
    dispatchPaused: (state, { of }) => (isCurrent(state, of) ? { ...state, phase: 'held' } : state),
    released: ignore, // it is under way
    deadlinePassed: (state, { of, reason }, at) => (isCurrent(state, of) ? fail(state, reason, at) : state),
    retryStep: ignore, // nothing has failed
    updateInputs: mergeInputs,
  },
  held: {
    stepEvent: hear, // an earlier try has arrived after all
    dispatchAccepted: ignore,
    dispatchFailed: ignore,
    dispatchPaused: ignore,
    released: release,
    deadlinePassed: ignore, // its time begins anew when it goes on
    retryStep: ignore, // nothing has failed
    updateInputs: mergeInputs,
  },
  waiting: {
    stepEvent: hear,
    dispatchAccepted: ignore, // the migrator called back before it answered
    dispatchFailed: ignore, // a callback proves that the dispatch arrived, whatever its answer was
    dispatchPaused: ignore,
    released: ignore,
    deadlinePassed: (state, { of, reason }, at) => (isCurrent(state, of) ? fail(state, reason, at) : state),
    retryStep: ignore,
    updateInputs: mergeInputs,
  },
  blocked: {
    stepEvent: ignore, // the failed attempt is terminal; a later one does not exist yet
    dispatchAccepted: ignore,
    dispatchFailed: ignore,
    dispatchPaused: ignore,
    released: ignore,
    deadlinePassed: ignore,
    retryStep: retry,
    updateInputs: mergeInputs,
  },
  finished: {
    stepEvent: ignore,
    dispatchAccepted: ignore,
    dispatchFailed: ignore,
    dispatchPaused: ignore,
    released: ignore,
    deadlinePassed: ignore,
    retryStep: ignore,
    updateInputs: ignore,
  },
};

/** The state after `message`; the very same object when nothing changed. `at`: ISO 8601 in UTC. */
export function transition(state: RunState, message: Message, at: string): RunState {
  // One cast, because TypeScript cannot see that both look-ups use the same key.
  const cell = TABLE[state.phase][message.kind] as Transition<Message['kind']>;
  return cell(state, message, at);
}

function hear(state: RunState, { event }: { event: AddressedStepEvent }, at: string): RunState {
  const step = currentStep(state);
  const isForThis =
    event.runAttempt === state.runAttempt && isCurrent(state, event) && event.stepName === step.stepName;
  if (!isForThis || isRepeat(step.lastEvent, event)) return state;
  const mark = markOf(event);
  const { eventId } = mark;
  if (eventId !== undefined && state.heard.some((one) => one.eventId === eventId)) return state;
  const heardStep = { ...withEvent(state, step, event, at), lastEvent: mark };
  const next: RunState = {
    ...state,
    phase: 'waiting',
    steps: state.steps.with(state.currentStep, heardStep),
    seq: state.seq + 1,
    heard: [...state.heard, mark].slice(-MAX_HEARD),
  };
  if (event.status === 'failed') return noted({ ...next, phase: 'blocked' }, 'failed', at);
  if (isSuccess(event.status)) return advance(noted(next, 'passed', at), at);
  if (event.status !== 'open' || state.opened === true) return next;
  return { ...noted(next, 'opened', at), opened: true };
}

/** Notes what has just happened to the current step attempt, for the statistics. */
function noted(state: RunState, kind: StepFactKind, at: string): RunState {
  const { stepName, attempt, startedAt = at, reason } = currentStep(state);
  const fact = { seq: state.seq, stepName, attempt, kind, startedAt, at };
  const whole = kind === 'failed' && reason !== undefined ? { ...fact, reason } : fact;
  return { ...state, facts: withFact(state.facts ?? [], whole) };
}

/** Events of one step attempt that are remembered; a migrator that reports more often gets its oldest forgotten. */
const MAX_HEARD = 256;

function withEvent(state: RunState, step: StepState, event: AddressedStepEvent, at: string): StepState {
  const done = event.status === 'failed' || isSuccess(event.status);
  const reason = event.reason ?? (event.status === 'failed' ? NO_REASON : undefined);
  const heard: StepState = {
    ...step,
    status: event.status,
    updatedAt: at,
    lastHeardAt: at,
    ...(done ? { completedAt: at } : {}),
  };
  return withTexts(state.steps, heard, {
    ...(reason === undefined ? {} : { reason }),
    ...(event.metadata === undefined ? {} : { metadata: event.metadata }),
  });
}

const NO_REASON = 'reported as failed, without a reason';

function advance(state: RunState, at: string): RunState {
  const next = state.currentStep + 1;
  if (next >= state.steps.length) return { ...state, phase: 'finished' };
  return dispatchCurrent({ ...state, currentStep: next }, at);
}

function fail(state: RunState, reason: string, at: string): RunState {
  const step: StepState = { ...currentStep(state), status: 'failed', updatedAt: at, completedAt: at };
  const failed = withTexts(state.steps, step, { reason });
  const next: RunState = {
    ...state,
    phase: 'blocked',
    steps: state.steps.with(state.currentStep, failed),
    seq: state.seq + 1,
  };
  return noted(next, 'failed', at);
}

/** The time that it was held is not the migrator's. */
function release(state: RunState, { runAttempt }: { runAttempt: number }, at: string): RunState {
  if (runAttempt !== state.runAttempt) return state;
  const step = { ...currentStep(state), startedAt: at, updatedAt: at };
  return {
    ...state,
    phase: 'dispatching',
    steps: state.steps.with(state.currentStep, step),
    seq: state.seq + 1,
  };
}

function retry(state: RunState, { retry: wish }: { retry: RetryStepMessage }, at: string): RunState {
  const step = currentStep(state);
  const answersThis =
    wish.runAttempt === state.runAttempt && wish.stepName === step.stepName && wish.attempt === step.attempt;
  return answersThis ? { ...dispatchCurrent(state, at), seq: state.seq + 1 } : state;
}

function mergeInputs(state: RunState, { update }: { update: UpdateInputsMessage }): RunState {
  if (update.runAttempt !== state.runAttempt) return state;
  const inputs = { ...state.inputs, ...update.inputs };
  // The api refuses such a change; several at once may pass it together.
  if (jsonBytes(inputs) > LIMITS.inputsBytes) return state;
  return { ...state, inputs, seq: state.seq + 1 };
}

function isCurrent(state: RunState, of: StepAttempt): boolean {
  return of.stepIndex === state.currentStep && of.attempt === currentStep(state).attempt;
}
