import { plannedSteps, type EventMark, type RunManifest, type StepFact, type StepState } from '@loom/domain';
import { withinBudget } from './view-budget';

/**
 * What the run waits for. `dispatching`: the migrator has not yet accepted the current step attempt. `held`: nor is it
 * sent, since dispatch is paused. `waiting`: the migrator has accepted it, or has called back. `blocked`: the step failed; only a retry or a cancel goes on. `finished`: no step is left.
 */
export type Phase = 'dispatching' | 'held' | 'waiting' | 'blocked' | 'finished';

/** The whole state of a run; plain data, so that continue-as-new can carry it. */
export interface RunState {
  readonly phase: Phase;
  readonly runAttempt: number;
  readonly candidateId: string;
  readonly steps: readonly StepState[];
  readonly currentStep: number;
  readonly inputs: Readonly<Record<string, string>>;
  /** Grows with each change that the projection must show. */
  readonly seq: number;
  /** Events already counted for the current step attempt; a repeat of any of them changes nothing. */
  readonly heard: readonly EventMark[];
  /** True once the current step attempt has reported `open`. */
  readonly opened?: boolean;
  /** What happened to step attempts, the newest of it; absent in a state that an earlier version has carried over. */
  readonly facts?: readonly StepFact[];
}

/** A run before anything happened: every step planned, the first one about to be dispatched. */
export function initialState(manifest: RunManifest, at: string): RunState {
  const planned: RunState = {
    phase: 'finished',
    runAttempt: manifest.runAttempt,
    candidateId: manifest.candidate.id,
    steps: plannedSteps(manifest),
    currentStep: 0,
    inputs: manifest.inputs,
    seq: 1,
    heard: [],
  };
  return manifest.steps.length === 0 ? planned : dispatchCurrent(planned, at);
}

/** The state that the execution before this one has left. */
export function carriedOver(state: RunState): RunState {
  return { ...state, steps: withinBudget(state.steps) };
}

/** Begins the next attempt of the current step; what its earlier attempt left on it is forgotten. */
export function dispatchCurrent(state: RunState, at: string): RunState {
  const step = currentStep(state);
  const { stepName, description, type, attempt } = step;
  const next: StepState = {
    stepName,
    ...(description === undefined ? {} : { description }),
    ...(type === undefined ? {} : { type }),
    status: 'in_progress',
    attempt: attempt + 1,
    startedAt: at,
    updatedAt: at,
  };
  return {
    ...state,
    phase: 'dispatching',
    steps: state.steps.with(state.currentStep, next),
    heard: [],
    opened: false,
  };
}

/** The step that the run stands at. Call it only while the run is not finished. */
export function currentStep(state: RunState): StepState {
  const step = state.steps[state.currentStep];
  if (step === undefined) throw new Error('the run has no current step');
  return step;
}
