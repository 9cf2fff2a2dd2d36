import { attentionOf, type RunManifest } from '@loom/domain';
import type { RunAddress, RunProjection } from '@loom/ports';
import type { DispatchInput } from '../activities';
import { currentStep, type RunState } from './run-state';

/** The run attempt that a manifest is for. */
export function runAddress(manifest: RunManifest): RunAddress {
  return {
    migrationId: manifest.migrationId,
    candidateId: manifest.candidate.id,
    runAttempt: manifest.runAttempt,
  };
}

/** What the store is to show of `state`. */
export function projectionOf(manifest: RunManifest, state: RunState, at: string): RunProjection {
  const attention = state.phase === 'finished' ? undefined : attentionOf(state.steps[state.currentStep]);
  return {
    ...runAddress(manifest),
    seq: state.seq,
    steps: [...state.steps],
    currentStep: state.currentStep,
    inputs: { ...state.inputs },
    ...(attention === undefined ? {} : { attention }),
    at,
  };
}

/** All that the activity needs to dispatch the current step attempt, with the view to be shown before the POST. */
export function dispatchInput(manifest: RunManifest, state: RunState, at: string): DispatchInput {
  const step = manifest.steps[state.currentStep];
  if (step === undefined) throw new Error('the run has no step to dispatch');
  return {
    runId: manifest.runId,
    nonce: manifest.nonce,
    candidate: manifest.candidate,
    step,
    stepIndex: state.currentStep,
    attempt: currentStep(state).attempt,
    projection: projectionOf(manifest, state, at),
  };
}
